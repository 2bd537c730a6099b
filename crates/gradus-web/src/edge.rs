//! What the page's script calls: text in, JSON out.

use serde_json::json;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::Frame;

/// The frame of a link as JSON, or `{"error": "…"}` with a sentence for the reader.
#[wasm_bindgen]
pub fn open(link: &str) -> String {
    answer(crate::open(link))
}

/// The frame after an action, in the same form.
#[wasm_bindgen]
pub fn act(link: &str, action: &str) -> String {
    answer(crate::Action::parse(action).and_then(|action| crate::act(link, &action)))
}

/// The numbers behind a link's picture as JSON: what a test holds against the host's.
#[wasm_bindgen]
pub fn numbers(link: &str) -> String {
    json!(crate::numbers(link)).to_string()
}

fn answer(frame: Result<Frame, String>) -> String {
    match frame {
        Ok(frame) => frame.json(),
        Err(error) => json!({ "error": error }),
    }
    .to_string()
}
