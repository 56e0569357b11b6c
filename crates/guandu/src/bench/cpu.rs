//! CPU time by thread, read from the system: what a figure cost, whatever else the machine was doing.

use std::fs;

/// Nanoseconds on a processor since their start, of this process' threads.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cpu {
    /// The thread that writes to SQLite.
    pub(super) writer: u64,
    /// The threads of the service: HTTP, sessions, receipts.
    pub(super) service: u64,
    /// The threads of the bench's clients.
    pub(super) clients: u64,
}

/// Name of the threads that drive clients.
pub(super) const CLIENTS: &str = "clients";

impl Cpu {
    /// As it stands now; zeros where the system does not tell.
    pub(super) fn now() -> Cpu {
        let mut sum = Cpu::default();
        let Ok(tasks) = fs::read_dir("/proc/self/task") else { return sum };
        for task in tasks.flatten() {
            let name = fs::read_to_string(task.path().join("comm")).unwrap_or_default();
            let spent = nanos(&fs::read_to_string(task.path().join("schedstat")).unwrap_or_default());
            match name.trim_end() {
                "writer" => sum.writer += spent,
                CLIENTS => sum.clients += spent,
                _ => sum.service += spent,
            }
        }
        sum
    }
    /// What was spent since `before`.
    pub(super) fn since(self, before: Cpu) -> Cpu {
        Cpu {
            writer: self.writer.saturating_sub(before.writer),
            service: self.service.saturating_sub(before.service),
            clients: self.clients.saturating_sub(before.clients),
        }
    }
}

/// Nanoseconds that the calling thread has spent.
pub(super) fn of_this_thread() -> u64 {
    nanos(&fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default())
}

fn nanos(schedstat: &str) -> u64 {
    schedstat.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Microseconds for each of `n`; `None` where the system did not tell.
pub(super) fn micros_each(nanos: u64, n: usize) -> Option<f64> {
    let micros = usize::try_from(nanos / 1000).unwrap_or(usize::MAX);
    (nanos > 0 && n > 0).then(|| super::bed::round(super::bed::number(micros) / super::bed::number(n)))
}
