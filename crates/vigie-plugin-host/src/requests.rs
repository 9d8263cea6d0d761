//! The interfaces `vigie.http/1` and `vigie.secret/1` as the runner serves them, and `throttle`.
//!
//! Everything a plugin gives is measured before it is copied; everything it gets stays the runner's until it is
//! released.

use std::collections::BTreeMap;
use std::ffi::{CString, c_char, c_void};
use std::time::Duration;

use serde_json::{Value, json};
use vigie_plugin::Code;
use vigie_plugin::abi::{self, Call, HttpRequest as Asked, HttpResponse as Given, HttpTable, SecretTable};

use crate::broker::{HttpRequest, HttpResponse, Refusal, Refused};
use crate::exchange::{Answer, MAX_HEADERS, MAX_NAME, MAX_REQUEST_BODY, MAX_SECRET, MAX_URL, Question};
use crate::services::{bytes, services};

/// Longest time for one try that a plugin may ask for.
const MAX_TIMEOUT: Duration = Duration::from_mins(10);
const NO_RETRY: u32 = 1;
const NO_CACHE: u32 = 2;

/// What a response's handle leads to.
struct Held {
    /// With a NUL after its end, for authors who look for text in it.
    body: Vec<u8>,
    headers: CString,
}

/// The refusal as `fail` takes it: text, French, advice, delay.
pub(crate) fn detail(refused: &Refused) -> Value {
    let mut detail = json!({ "message": refused.en, "french": refused.fr });
    if let Some((en, fr)) = &refused.hint {
        detail["hint"] = json!({ "en": en, "fr": fr });
    }
    if let Some(milliseconds) = refused.retry_after_ms {
        detail["retry_after_ms"] = milliseconds.into();
    }
    detail
}

fn refuse(code: Code, en: &str, fr: &str) -> Refused {
    Refusal::new(code, en, fr).into()
}

fn limit(en: &str, fr: &str) -> Refused {
    refuse(Code::Limit, en, fr)
}

/// UTF-8 text of at most `most` bytes.
///
/// # Safety
/// `text` leads to `len` bytes, valid for the call.
unsafe fn text<'a>(text: *const c_char, len: usize, most: usize, what: &str) -> Result<&'a str, Refused> {
    if len > most {
        return Err(limit(
            &format!("a request's {what} is longer than {most} bytes"),
            &format!("{what} : plus de {most} octets dans une requête"),
        ));
    }
    // SAFETY: promised by the caller.
    std::str::from_utf8(unsafe { bytes(text, len, most) }).map_err(|_| {
        refuse(
            Code::Internal,
            &format!("a request's {what} is not UTF-8"),
            &format!("{what} : une requête n'est pas en UTF-8"),
        )
    })
}

/// The request a plugin describes, copied.
///
/// # Safety
/// `asked` is null or leads to a request whose texts are valid for the call.
unsafe fn copied(asked: *const Asked) -> Result<HttpRequest, Refused> {
    // SAFETY: the size is the first field of every table and promised to be there.
    if asked.is_null() || unsafe { (*asked).struct_size as usize } < size_of::<Asked>() {
        let (en, fr) = ("a request's struct_size is too small", "le struct_size d'une requête est trop petit");
        return Err(refuse(Code::Internal, en, fr));
    }
    // SAFETY: the plugin says that all fields are there.
    let asked = unsafe { &*asked };
    if asked.flags & !(NO_RETRY | NO_CACHE) != 0 {
        return Err(refuse(
            Code::Unsupported,
            &format!("a request has unknown flags ({:#x})", asked.flags),
            &format!("une requête a des drapeaux inconnus ({:#x})", asked.flags),
        ));
    }
    // SAFETY: promised by the caller.
    let (method, url, headers) = unsafe {
        (
            text(asked.method, asked.method_len, MAX_NAME, "method")?,
            text(asked.url, asked.url_len, MAX_URL, "url")?,
            text(asked.headers_json, asked.headers_len, MAX_HEADERS, "headers_json")?,
        )
    };
    if asked.body_len > MAX_REQUEST_BODY {
        return Err(limit("a request's body is longer than 8 MiB", "le corps d'une requête dépasse 8 Mio"));
    }
    // SAFETY: promised by the caller.
    let body = unsafe { bytes(asked.body.cast(), asked.body_len, MAX_REQUEST_BODY) };
    let headers: BTreeMap<String, String> = if headers.is_empty() {
        BTreeMap::new()
    } else {
        serde_json::from_str(headers).map_err(|error| {
            refuse(
                Code::Internal,
                &format!("a request's headers_json does not fit: {error}"),
                &format!("le headers_json d'une requête ne convient pas : {error}"),
            )
        })?
    };
    let method = if method.is_empty() { "GET" } else { method };
    let timeout = (asked.timeout_ms > 0).then(|| Duration::from_millis(asked.timeout_ms).min(MAX_TIMEOUT));
    Ok(HttpRequest {
        method: method.to_ascii_uppercase(),
        url: url.to_owned(),
        headers: headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value)).collect(),
        body: body.to_vec(),
        timeout,
        retry: asked.flags & NO_RETRY == 0,
        cache: asked.flags & NO_CACHE == 0,
    })
}

/// Lower-case names; one value as text, several as an array.
fn headers_json(headers: BTreeMap<String, Vec<String>>) -> CString {
    let value = |mut values: Vec<String>| match (values.len(), values.pop()) {
        (1, Some(only)) => Value::String(only),
        (_, Some(last)) => values.into_iter().chain([last]).collect(),
        (_, None) => Value::Array(Vec::new()),
    };
    let object: serde_json::Map<String, Value> = headers.into_iter().map(|(n, v)| (n, value(v))).collect();
    // JSON escapes NUL, so there is none inside.
    CString::new(Value::Object(object).to_string()).unwrap_or_default()
}

/// Fills `out`; what it leads to lives until `release`.
///
/// # Safety
/// `out` leads to a response table.
unsafe fn fill(out: *mut Given, status: i32, mut body: Vec<u8>, headers: CString) {
    let length = body.len();
    body.push(0);
    let held = Box::new(Held { body, headers });
    // SAFETY: promised by the caller; the size was checked.
    let out = unsafe { &mut *out };
    out.status = status;
    out.body = held.body.as_ptr();
    out.body_len = length;
    out.headers_json = held.headers.as_ptr();
    out.headers_len = held.headers.as_bytes().len();
    out.handle = Box::into_raw(held).cast::<c_void>();
}

unsafe extern "C" fn send(_call: *mut Call, request: *const Asked, out: *mut Given) -> i32 {
    // SAFETY: the size is the first field of every table and promised to be there.
    if out.is_null() || unsafe { (*out).struct_size as usize } < size_of::<Given>() {
        return Code::Internal as i32;
    }
    // SAFETY: the plugin gives request and texts for the call.
    let answer = unsafe { copied(request) }.and_then(|request| match services().ask(&Question::Http(request))? {
        Answer::Http(response) => Ok(response),
        _ => Err(unexpected()),
    });
    match answer {
        Ok(HttpResponse { status, headers, body }) => {
            // SAFETY: checked above.
            unsafe { fill(out, i32::from(status), body, headers_json(headers)) };
            abi::OK
        }
        Err(refused) => {
            // SAFETY: checked above.
            unsafe { fill(out, 0, detail(&refused).to_string().into_bytes(), c"{}".to_owned()) };
            services().refused(refused)
        }
    }
}

fn unexpected() -> Refused {
    refuse(Code::Internal, "the host answered something else", "l'hôte a répondu autre chose")
}

unsafe extern "C" fn release(response: *mut Given) {
    // SAFETY: the plugin gives a response that `send` filled, or one that was released before.
    let Some(response) = (unsafe { response.as_mut() }) else { return };
    let handle = std::mem::replace(&mut response.handle, std::ptr::null_mut());
    if !handle.is_null() {
        response.body = std::ptr::null();
        response.headers_json = std::ptr::null();
        // SAFETY: `fill` made the handle, and it is taken once.
        drop(unsafe { Box::from_raw(handle.cast::<Held>()) });
    }
}

/// Waits for units of a bucket.
pub(crate) fn throttle(bucket: &[u8], cost: u32) -> i32 {
    let bucket = String::from_utf8_lossy(bucket);
    if bucket.is_empty() || bucket.len() > MAX_NAME {
        return services().refused(limit("a bucket's name is empty or too long", "nom de compteur vide ou trop long"));
    }
    let question = Question::Throttle { bucket: bucket.into_owned(), cost };
    match services().ask(&question) {
        Ok(_) => abi::OK,
        Err(refused) => services().refused(refused),
    }
}

/// # Safety
/// `name` leads to `len` bytes, valid for the call.
unsafe fn secret_name<'a>(name: *const c_char, len: usize) -> Result<&'a str, Refused> {
    // SAFETY: promised by the caller.
    let name = unsafe { text(name, len, MAX_NAME, "secret") }?;
    if name.is_empty() { Err(limit("a secret's name is empty", "nom de secret vide")) } else { Ok(name) }
}

unsafe extern "C" fn get(
    _call: *mut Call,
    name: *const c_char,
    len: usize,
    buffer: *mut c_char,
    capacity: usize,
    needed: *mut usize,
) -> i32 {
    // SAFETY: the plugin gives the name for the call.
    let answer = unsafe { secret_name(name, len) }.and_then(|name| services().ask(&Question::Secret(name.to_owned())));
    let value = match answer {
        Ok(Answer::Secret(value)) => value,
        Ok(_) => return services().refused(unexpected()),
        Err(refused) => return services().refused(refused),
    };
    if !needed.is_null() {
        // SAFETY: not null, so the plugin gives a place for one number.
        unsafe { needed.write(value.len()) };
    }
    if buffer.is_null() || capacity <= value.len() {
        return services().refused(limit("the buffer is too small for the secret", "tampon trop petit pour le secret"));
    }
    // SAFETY: the plugin gives `capacity` bytes, more than the value and its NUL take.
    unsafe {
        std::ptr::copy_nonoverlapping(value.as_ptr(), buffer.cast::<u8>(), value.len());
        buffer.add(value.len()).write(0);
    }
    abi::OK
}

unsafe extern "C" fn put(
    _call: *mut Call,
    name: *const c_char,
    len: usize,
    value: *const c_char,
    value_len: usize,
) -> i32 {
    // SAFETY: the plugin gives both texts for the call.
    let texts =
        unsafe { secret_name(name, len).and_then(|name| Ok((name, text(value, value_len, MAX_SECRET, "secret")?))) };
    let answer = texts.and_then(|(name, value)| {
        services().ask(&Question::KeepSecret { name: name.to_owned(), value: value.to_owned() })
    });
    match answer {
        Ok(_) => abi::OK,
        Err(refused) => services().refused(refused),
    }
}

/// The interface `vigie.http/1`.
pub(crate) static HTTP: HttpTable =
    HttpTable { struct_size: size_of::<HttpTable>() as u32, reserved: 0, send: Some(send), release: Some(release) };

/// The interface `vigie.secret/1`.
pub(crate) static SECRETS: SecretTable =
    SecretTable { struct_size: size_of::<SecretTable>() as u32, reserved: 0, get: Some(get), put: Some(put) };
