//! The model chapters run afresh in the kernel; no other notebook is stale.
