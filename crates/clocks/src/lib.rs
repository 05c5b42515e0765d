//! Regulation profiles and facts in, deadlines with their reasons out. Pure.
