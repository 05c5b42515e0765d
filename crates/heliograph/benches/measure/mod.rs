//! What the benches of the public database share: servers on threads of a name, and their processor time.

use std::net::SocketAddr;
use std::path::Path;
use tokio::runtime::{Builder, Runtime};

/// A server on threads of this name; it ends with its runtime.
pub(crate) fn listen<F>(
    name: &str,
    serve: impl FnOnce(tokio::net::TcpListener) -> F + Send + 'static,
) -> anyhow::Result<(SocketAddr, Runtime)>
where
    F: Future<Output = anyhow::Result<()>> + Send + 'static,
{
    let runtime = Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build()?;
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))?;
    let address = listener.local_addr()?;
    runtime.spawn(serve(listener));
    Ok((address, runtime))
}

/// Processor time of this whole process, in seconds.
pub(crate) fn processor_seconds() -> anyhow::Result<f64> {
    let mut nanos = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        nanos += nanos_of_task(&task?.path())?;
    }
    // Threads that have ended are counted by the process alone, in hundredths of a second.
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks: f64 = [11, 12].iter().filter_map(|at| fields.get(*at)?.parse::<f64>().ok()).sum();
    Ok((nanos as f64 / 1e9).max(ticks / 100.0))
}

/// Processor time of all threads of this name, in nanoseconds.
pub(crate) fn nanos_of(threads: &str) -> anyhow::Result<u64> {
    let mut nanos = 0;
    for task in std::fs::read_dir("/proc/self/task")? {
        let task = task?.path();
        if std::fs::read_to_string(task.join("comm"))?.trim() == threads {
            nanos += nanos_of_task(&task)?;
        }
    }
    Ok(nanos)
}

pub(crate) fn nanos_of_task(task: &Path) -> anyhow::Result<u64> {
    let times = std::fs::read_to_string(task.join("schedstat"))?;
    Ok(times.split(' ').next().unwrap_or_default().parse()?)
}

pub(crate) fn middle(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
