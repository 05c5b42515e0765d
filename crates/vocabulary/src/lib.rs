//! Words that all crates share: identifiers, instants with their zone, severity, pages.
