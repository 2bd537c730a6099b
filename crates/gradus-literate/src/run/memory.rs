use std::fs;

/// A kernel's rust-analyzer holds 700 MB; a compiler that works for it the rest.
const KERNEL: u64 = 1_000_000_000;

/// How many kernels the machine bears at once.
pub(super) fn kernels_at_once() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let by_memory = free().map_or(cores, |free| (free / KERNEL) as usize);
    cores.min(by_memory).max(1)
}

/// Bytes of memory that can be had: the system's, or the container's limit if that is less. Unknown
/// where there is no `/proc`, as on macOS.
fn free() -> Option<u64> {
    let system = fs::read_to_string("/proc/meminfo").ok().and_then(|text| available(&text))?;
    let read = |name: &str| {
        fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok()?.trim().parse::<u64>().ok()
    };
    let container = read("memory.max")
        .zip(read("memory.current"))
        .map(|(limit, used)| limit.saturating_sub(used));
    Some(container.map_or(system, |container| container.min(system)))
}

fn available(meminfo: &str) -> Option<u64> {
    let line = meminfo.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}

#[cfg(test)]
mod tests {
    #[test]
    fn free_memory_is_read() {
        let text =
            "MemTotal:       24689664 kB\nMemFree:        1 kB\nMemAvailable:   21000000 kB\n";
        assert_eq!(super::available(text), Some(21_000_000 * 1024));
        assert_eq!(super::available("none"), None);
        assert!(super::kernels_at_once() >= 1);
    }
}
