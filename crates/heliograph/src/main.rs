//! The program: everything is in the library, so that benches can reach it.

fn main() -> anyhow::Result<()> {
    heliograph::main_entry()
}
