//! The C ABI as Rust sees it: a mirror of `include/vigie_plugin.h`, field by field.
//!
//! Nothing here has behaviour. `tests/layout.rs` compiles the header and compares every size and offset.

use std::ffi::{c_char, c_int, c_void};

/// Major number of this ABI; part of the entry symbol.
pub const ABI_MAJOR: u32 = 0;
/// Minor number of this ABI.
pub const ABI_MINOR: u32 = 0;
/// The C header, for hosts and scaffolds that write it next to a new plugin.
pub const HEADER: &str = include_str!("../include/vigie_plugin.h");

/// Interface id of [`SourceTable`].
pub const SOURCE_1: &str = "vigie.source/1";
/// Interface id of [`HttpTable`].
pub const HTTP_1: &str = "vigie.http/1";
/// Interface id of [`SecretTable`].
pub const SECRET_1: &str = "vigie.secret/1";
/// Interface id of [`NoticeTable`].
pub const NOTICE_1: &str = "vigie.notice/1";
/// Header of a request that names the bucket it draws from and how much: `search 100`. The host takes it out.
pub const BUCKET_HEADER: &str = "vigie-bucket";

/// Success.
pub const OK: i32 = 0;
/// Nothing more to come.
pub const DONE: i32 = -1;

/// The host's handle for the running invocation; never looked into.
#[repr(C)]
pub struct Call {
    _private: [u8; 0],
}

/// The plugin's opened source; never looked into by the host.
#[repr(C)]
pub struct OpaqueSource {
    _private: [u8; 0],
}

/// `ArrowSchema` of the Arrow C data interface.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are those of the Arrow C data interface")]
pub struct ArrowSchema {
    pub format: *const c_char,
    pub name: *const c_char,
    pub metadata: *const c_char,
    pub flags: i64,
    pub n_children: i64,
    pub children: *mut *mut ArrowSchema,
    pub dictionary: *mut ArrowSchema,
    pub release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    pub private_data: *mut c_void,
}

/// `ArrowArray` of the Arrow C data interface.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are those of the Arrow C data interface")]
pub struct ArrowArray {
    pub length: i64,
    pub null_count: i64,
    pub offset: i64,
    pub n_buffers: i64,
    pub n_children: i64,
    pub buffers: *mut *const c_void,
    pub children: *mut *mut ArrowArray,
    pub dictionary: *mut ArrowArray,
    pub release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    pub private_data: *mut c_void,
}

/// `ArrowArrayStream` of the Arrow C stream interface.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are those of the Arrow C stream interface")]
pub struct ArrowArrayStream {
    pub get_schema: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowSchema) -> c_int>,
    pub get_next: Option<unsafe extern "C" fn(*mut ArrowArrayStream, *mut ArrowArray) -> c_int>,
    pub get_last_error: Option<unsafe extern "C" fn(*mut ArrowArrayStream) -> *const c_char>,
    pub release: Option<unsafe extern "C" fn(*mut ArrowArrayStream)>,
    pub private_data: *mut c_void,
}

impl ArrowSchema {
    /// A structure nobody has filled.
    pub const fn empty() -> Self {
        Self {
            format: std::ptr::null(),
            name: std::ptr::null(),
            metadata: std::ptr::null(),
            flags: 0,
            n_children: 0,
            children: std::ptr::null_mut(),
            dictionary: std::ptr::null_mut(),
            release: None,
            private_data: std::ptr::null_mut(),
        }
    }
}

impl ArrowArray {
    /// A structure nobody has filled.
    pub const fn empty() -> Self {
        Self {
            length: 0,
            null_count: 0,
            offset: 0,
            n_buffers: 0,
            n_children: 0,
            buffers: std::ptr::null_mut(),
            children: std::ptr::null_mut(),
            dictionary: std::ptr::null_mut(),
            release: None,
            private_data: std::ptr::null_mut(),
        }
    }
}

impl ArrowArrayStream {
    /// A structure nobody has filled.
    pub const fn empty() -> Self {
        Self {
            get_schema: None,
            get_next: None,
            get_last_error: None,
            release: None,
            private_data: std::ptr::null_mut(),
        }
    }
}

/// `vigie_host_v1`: what the host offers.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "documented in the header, field by field")]
pub struct HostTable {
    pub struct_size: u32,
    pub abi_minor: u32,
    pub product: *const c_char,
    pub version: *const c_char,
    pub log: Option<unsafe extern "C" fn(*mut Call, i32, *const c_char, usize)>,
    pub progress: Option<unsafe extern "C" fn(*mut Call, u64, u64, *const c_char, usize)>,
    pub cancelled: Option<unsafe extern "C" fn(*mut Call) -> i32>,
    pub sleep: Option<unsafe extern "C" fn(*mut Call, u64) -> i32>,
    pub rows: Option<unsafe extern "C" fn(*mut Call, *const c_char, usize, *const c_char, usize) -> i32>,
    pub reject: Option<unsafe extern "C" fn(*mut Call, *const c_char, usize)>,
    pub reply: Option<unsafe extern "C" fn(*mut Call, *const c_char, usize)>,
    pub fail: Option<unsafe extern "C" fn(*mut Call, i32, *const c_char, usize, *const c_char, usize)>,
    pub throttle: Option<unsafe extern "C" fn(*mut Call, *const c_char, usize, u32) -> i32>,
    pub get_interface: Option<unsafe extern "C" fn(*const c_char) -> *const c_void>,
}

/// `vigie_plugin_v1`: what the plugin is.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "documented in the header, field by field")]
pub struct PluginTable {
    pub struct_size: u32,
    pub abi_minor: u32,
    pub id: *const c_char,
    pub version: *const c_char,
    pub init: Option<unsafe extern "C" fn(*const HostTable, *mut Call) -> i32>,
    pub deinit: Option<unsafe extern "C" fn()>,
    pub get_interface: Option<unsafe extern "C" fn(*const c_char) -> *const c_void>,
}

// SAFETY: the table is constant; its pointers lead to constant text and to functions callable from any thread.
unsafe impl Sync for PluginTable {}

// SAFETY: as above, the host's table is constant once made.
unsafe impl Sync for HostTable {}

/// `vigie_source_v1`: the interface `vigie.source/1` of a plugin.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "documented in the header, field by field")]
pub struct SourceTable {
    pub struct_size: u32,
    pub reserved: u32,
    pub spec: Option<unsafe extern "C" fn(*mut Call) -> i32>,
    pub open: Option<unsafe extern "C" fn(*mut Call, *const c_char, usize, *mut *mut OpaqueSource) -> i32>,
    pub check: Option<unsafe extern "C" fn(*mut OpaqueSource, *mut Call) -> i32>,
    pub read: Option<unsafe extern "C" fn(*mut OpaqueSource, *mut Call, *const c_char, usize, *mut ReaderTable) -> i32>,
    pub close: Option<unsafe extern "C" fn(*mut OpaqueSource)>,
}

/// `vigie_reader_v1`: one reading.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "documented in the header, field by field")]
pub struct ReaderTable {
    pub struct_size: u32,
    pub flags: u32,
    pub stream: ArrowArrayStream,
    pub step: Option<unsafe extern "C" fn(*mut ReaderTable, *mut Call) -> i32>,
    pub checkpoint: Option<unsafe extern "C" fn(*mut ReaderTable, *mut Call) -> i32>,
    pub release: Option<unsafe extern "C" fn(*mut ReaderTable)>,
    pub private_data: *mut c_void,
}

impl ReaderTable {
    /// Zeroed and sized, as the host gives it to `read`.
    pub const fn empty() -> Self {
        Self {
            struct_size: size_of::<Self>() as u32,
            flags: 0,
            stream: ArrowArrayStream::empty(),
            step: None,
            checkpoint: None,
            release: None,
            private_data: std::ptr::null_mut(),
        }
    }
}

/// `vigie_http_request_v1`.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "documented in the header, field by field")]
pub struct HttpRequest {
    pub struct_size: u32,
    pub flags: u32,
    pub method: *const c_char,
    pub method_len: usize,
    pub url: *const c_char,
    pub url_len: usize,
    pub headers_json: *const c_char,
    pub headers_len: usize,
    pub body: *const u8,
    pub body_len: usize,
    pub timeout_ms: u64,
}

/// `vigie_http_response_v1`.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "documented in the header, field by field")]
pub struct HttpResponse {
    pub struct_size: u32,
    pub status: i32,
    pub body: *const u8,
    pub body_len: usize,
    pub headers_json: *const c_char,
    pub headers_len: usize,
    pub handle: *mut c_void,
}

/// `vigie_http_v1`: the interface `vigie.http/1` of the host.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "documented in the header, field by field")]
pub struct HttpTable {
    pub struct_size: u32,
    pub reserved: u32,
    pub send: Option<unsafe extern "C" fn(*mut Call, *const HttpRequest, *mut HttpResponse) -> i32>,
    pub release: Option<unsafe extern "C" fn(*mut HttpResponse)>,
}

/// `vigie_secret_v1`: the interface `vigie.secret/1` of the host.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "documented in the header, field by field")]
pub struct SecretTable {
    pub struct_size: u32,
    pub reserved: u32,
    pub get: Option<unsafe extern "C" fn(*mut Call, *const c_char, usize, *mut c_char, usize, *mut usize) -> i32>,
    pub put: Option<unsafe extern "C" fn(*mut Call, *const c_char, usize, *const c_char, usize) -> i32>,
}

/// `vigie_notice_v1`: the interface `vigie.notice/1` of the host.
#[repr(C)]
#[derive(Debug)]
#[allow(missing_docs, reason = "documented in the header, field by field")]
pub struct NoticeTable {
    pub struct_size: u32,
    pub reserved: u32,
    pub notice: Option<unsafe extern "C" fn(*mut Call, *const c_char, usize)>,
}

/// Signature of the entry symbol `vigie_<id>_entry_v0`.
pub type Entry = unsafe extern "C" fn() -> *const PluginTable;

/// Name of the entry symbol of the plugin `id`.
pub fn entry_symbol(id: &str) -> String {
    format!("vigie_{id}_entry_v{ABI_MAJOR}")
}
