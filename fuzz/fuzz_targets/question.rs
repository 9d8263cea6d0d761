//! What a plugin asks of the host, as bytes that a child may have written into the pipe.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vigie_plugin_host::exchange::Question;
use vigie_plugin_host::frame::Kind;

const KINDS: [Kind; 4] = [Kind::Http, Kind::Throttle, Kind::Secret, Kind::KeepSecret];

fuzz_target!(|data: &[u8]| {
    let Some((choice, payload)) = data.split_first() else { return };
    if let Ok(question) = Question::decode(KINDS[usize::from(*choice) % KINDS.len()], payload) {
        let (kind, bytes) = question.encode();
        let again = Question::decode(kind, &bytes).expect("what was read can be asked again");
        assert_eq!(again, question);
    }
});
