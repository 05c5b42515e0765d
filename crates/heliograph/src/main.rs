//! The program: everything is in the library, so that benches can reach it.

fn main() -> std::process::ExitCode {
    heliograph::main()
}
