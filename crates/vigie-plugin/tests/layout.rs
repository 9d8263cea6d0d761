//! The Rust mirror and the C header have the same sizes and offsets, and the header is clean C99 and C++11.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::fmt::Write as _;
use std::mem::offset_of;
use std::process::Command;

use vigie_plugin::abi;

/// `(C expression, Rust value)` of each size and offset.
fn expectations() -> Vec<(String, usize)> {
    let mut list = Vec::new();
    macro_rules! table {
        ($c:literal, $rust:ty, $($field:ident),+) => {
            list.push((format!("sizeof({})", $c), size_of::<$rust>()));
            $(list.push((format!("offsetof({}, {})", $c, stringify!($field)), offset_of!($rust, $field)));)+
        };
    }
    table!(
        "struct ArrowSchema",
        abi::ArrowSchema,
        format,
        name,
        metadata,
        flags,
        n_children,
        children,
        dictionary,
        release,
        private_data
    );
    table!(
        "struct ArrowArray",
        abi::ArrowArray,
        length,
        null_count,
        offset,
        n_buffers,
        n_children,
        buffers,
        children,
        dictionary,
        release,
        private_data
    );
    table!(
        "struct ArrowArrayStream",
        abi::ArrowArrayStream,
        get_schema,
        get_next,
        get_last_error,
        release,
        private_data
    );
    table!(
        "vigie_host_v1",
        abi::HostTable,
        struct_size,
        abi_minor,
        product,
        version,
        log,
        progress,
        cancelled,
        sleep,
        rows,
        reject,
        reply,
        fail,
        throttle,
        get_interface
    );
    table!("vigie_plugin_v1", abi::PluginTable, struct_size, abi_minor, id, version, init, deinit, get_interface);
    table!("vigie_source_v1", abi::SourceTable, struct_size, reserved, spec, open, check, read, close);
    table!("vigie_reader_v1", abi::ReaderTable, struct_size, flags, stream, step, checkpoint, release, private_data);
    table!(
        "vigie_http_request_v1",
        abi::HttpRequest,
        struct_size,
        flags,
        method,
        method_len,
        url,
        url_len,
        headers_json,
        headers_len,
        body,
        body_len,
        timeout_ms
    );
    table!(
        "vigie_http_response_v1",
        abi::HttpResponse,
        struct_size,
        status,
        body,
        body_len,
        headers_json,
        headers_len,
        handle
    );
    table!("vigie_http_v1", abi::HttpTable, struct_size, reserved, send, release);
    table!("vigie_secret_v1", abi::SecretTable, struct_size, reserved, get, put);
    table!("vigie_notice_v1", abi::NoticeTable, struct_size, reserved, notice);
    list
}

fn compile(compiler: &str, standard: &str, extension: &str, source: &str) -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("layout.{extension}"));
    let program = folder.join(format!("layout-{extension}"));
    std::fs::write(&file, source).unwrap();
    let output = Command::new(compiler)
        .args([standard, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/include"))
        .arg("-o")
        .arg(&program)
        .arg(&file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{compiler}: {}", String::from_utf8_lossy(&output.stderr));
    program
}

#[test]
fn header_and_mirror_agree() {
    let expected = expectations();
    let mut source = String::from("#include \"vigie_plugin.h\"\n#include <stdio.h>\nint main(void) {\n");
    for (expression, _) in &expected {
        writeln!(source, "  printf(\"%lu\\n\", (unsigned long)({expression}));").unwrap();
    }
    source.push_str("  return 0;\n}\n");
    let output = Command::new(compile("cc", "-std=c99", "c", &source)).output().unwrap();
    let numbers: Vec<usize> = String::from_utf8(output.stdout).unwrap().lines().map(|l| l.parse().unwrap()).collect();
    assert_eq!(numbers.len(), expected.len());
    for ((expression, rust), c) in expected.iter().zip(numbers) {
        assert_eq!(*rust, c, "{expression}");
    }
}

#[test]
fn header_is_clean_cpp11() {
    // A bare machine has a C compiler; the C++ one is checked where it exists.
    if Command::new("c++").arg("--version").output().is_ok() {
        compile("c++", "-std=c++11", "cpp", "#include \"vigie_plugin.h\"\nint main() { return VIGIE_OK; }\n");
    }
}

#[test]
fn documented_sizes_hold() {
    assert_eq!(size_of::<abi::HostTable>(), 104);
    assert_eq!(size_of::<abi::PluginTable>(), 48);
    assert_eq!(size_of::<abi::SourceTable>(), 48);
    assert_eq!(size_of::<abi::ReaderTable>(), 80);
    assert_eq!(size_of::<abi::HttpRequest>(), 80);
    assert_eq!(size_of::<abi::HttpResponse>(), 48);
}
