//! Entry point: reads the command line, runs one command, exits with its code.

/// The system's allocator took a fifth of the writer's time, much of it waiting for other threads (docs/BENCHMARKS.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    guandu::cli::run()
}
