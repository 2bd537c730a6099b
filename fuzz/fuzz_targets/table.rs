//! CSV files.
#![no_main]

use gradus::data::Table;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(table) = Table::parse(bytes) {
        assert_eq!(table.names.len(), table.values.ncols());
        assert!(table.values.iter().all(|v| v.is_finite()));
        for name in &table.names {
            assert!(table.column(name).is_ok());
            let _ = table.labelled(name);
        }
    }
});
