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

/// Processor time of this process with all its threads, in seconds.
pub(crate) fn processor_seconds() -> f64 {
    let spent = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    spent.tv_sec as f64 + spent.tv_nsec as f64 / 1e9
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

/// Bytes of the search index beside a catalogue, whatever its number.
pub(crate) fn index_bytes(dir: &Path) -> anyhow::Result<u64> {
    let mut bytes = 0;
    for beside in std::fs::read_dir(dir)? {
        let beside = beside?.path();
        if beside.to_string_lossy().contains("catalogue.index-") {
            for file in std::fs::read_dir(beside)? {
                bytes += file?.metadata()?.len();
            }
        }
    }
    Ok(bytes)
}
