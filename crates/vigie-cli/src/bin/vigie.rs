//! The `vigie` program.

fn main() -> std::process::ExitCode {
    vigie_plugin_host::run_child_if_asked();
    vigie_cli::run(std::env::args_os())
}
