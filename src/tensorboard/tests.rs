use super::*;
use ndarray::{Array1, Array2, array};
use proptest::prelude::*;

fn run() -> (tempfile::TempDir, Run) {
    let folder = tempfile::tempdir().unwrap();
    let run = Run::create(folder.path()).unwrap();
    (folder, run)
}

/// The events of a file whose checksums are trusted.
fn events(path: &Path) -> Vec<Event> {
    let bytes = fs::read(path).unwrap();
    let mut rest = &bytes[..];
    let mut events = Vec::new();
    while let Some((length, tail)) = rest.split_first_chunk::<8>() {
        let length = u64::from_le_bytes(*length) as usize;
        events.push(Event::decode(&tail[4..4 + length]).unwrap());
        rest = &tail[8 + length..];
    }
    events
}

#[test]
fn what_is_flushed_is_in_the_file() {
    let (_folder, mut run) = run();
    let path = run.path().to_owned();
    assert_eq!(events(&path).len(), 1);
    run.scalar("loss", 3, 0.5).unwrap();
    run.flush().unwrap();
    let events = events(&path);
    assert_eq!(events[0].what, Some(event::What::FileVersion("brain.Event:2".into())));
    let value = Value { simple_value: Some(0.5), ..Value::of("loss") };
    assert_eq!(events[1].step, 3);
    assert_eq!(events[1].what, Some(event::What::Summary(Summary { value: vec![value] })));
    assert!(events[1].wall_time >= events[0].wall_time && events[0].wall_time > 1.7e9);
}

#[test]
fn a_run_replaces_only_its_own_files() {
    let (folder, run) = run();
    let first = run.path().to_owned();
    drop(run);
    for other in ["events.out.tfevents.1.host", "notes.gradus"] {
        fs::write(folder.path().join(other), "").unwrap();
    }
    let run = Run::create(folder.path()).unwrap();
    assert!(!first.exists() && run.path() != first);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    fs::write(folder.path().join("file"), "").unwrap();
    let message = Run::create(folder.path().join("file")).unwrap_err().to_string();
    assert!(message.contains("file: cannot write: "), "{message}");
}

#[test]
fn wrong_values_are_refused_and_nothing_is_written() {
    let (_folder, mut run) = run();
    let none = Array1::<f64>::zeros(0);
    let messages = [
        run.histogram("h", 0, &none).unwrap_err().to_string(),
        run.histogram("h", 0, &array![1.0, f64::NAN]).unwrap_err().to_string(),
        run.image("i", 0, Array2::<f32>::zeros((0, 3)).view()).unwrap_err().to_string(),
    ];
    assert_eq!(
        messages,
        [
            "`values` is empty, expected at least one number",
            "`values` is NaN, expected finite numbers",
            "`pixels` is empty, expected at least one number",
        ]
    );
    run.hyperparameters(&[("rate", 0.1.into())], &[]).unwrap();
    assert!(run.hyperparameters(&[], &[]).is_err());
    let path = run.path().to_owned();
    run.finish().unwrap();
    let tags: Vec<String> = events(&path)
        .into_iter()
        .filter_map(|event| match event.what? {
            event::What::Summary(summary) => Some(summary.value[0].tag.clone()),
            event::What::FileVersion(_) => None,
        })
        .collect();
    let expected = ["experiment", "session_start_info", "session_end_info"];
    assert_eq!(tags, expected.map(|tag| format!("_hparams_/{tag}")));
}

#[test]
fn a_histogram_counts() {
    let of_one = histogram(&[2.0; 7]).unwrap();
    assert_eq!((of_one.bucket, of_one.bucket_limit), (vec![7.0], vec![2.0]));
    let even = histogram(&(0..60).map(f64::from).collect::<Vec<_>>()).unwrap();
    assert_eq!(even.bucket, [2.0; 30]);
    assert_eq!((even.num, even.sum, even.sum_squares), (60.0, 1770.0, 70210.0));
}

proptest! {
    #[test]
    fn every_value_is_in_its_bucket(values in prop::collection::vec(prop_oneof![-1e3..1e3_f64, Just(f64::MAX), Just(f64::MIN), Just(0.0)], 1..40)) {
        let histogram = histogram(&values).unwrap();
        prop_assert_eq!(histogram.bucket.iter().sum::<f64>(), values.len() as f64);
        let limits = histogram.bucket_limit;
        prop_assert_eq!(limits.last().copied(), Some(histogram.max));
        prop_assert!(limits.iter().all(|v| v.is_finite()) && limits.is_sorted(), "{:?}", limits);
        // Up to rounding at the limits, as many values are below each limit as the buckets say.
        let slack = 1e-9 * (histogram.max / 2.0 - histogram.min / 2.0);
        let mut below = 0.0;
        for (limit, count) in limits.iter().zip(&histogram.bucket) {
            below += count;
            let surely = values.iter().filter(|v| **v < limit - slack).count() as f64;
            let at_most = values.iter().filter(|v| **v <= limit + slack).count() as f64;
            prop_assert!((surely..=at_most).contains(&below));
        }
    }
}
