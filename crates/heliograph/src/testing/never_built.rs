//! What must never be built.
