//! Package URLs, version order by ecosystem, and the one matcher. Pure.
