//! Entry point: reads the command line, runs one command, exits with its code.

fn main() -> std::process::ExitCode {
    guandu::cli::run()
}
