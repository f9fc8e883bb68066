//! dotenvy, driven in batches: texts from standard input, outcomes to standard output.
use serde_json::{json, Value};
use std::{env, fs, io};

fn main() {
    let texts: Vec<String> = serde_json::from_reader(io::stdin()).expect("texts");
    for (name, _) in env::vars_os() {
        env::remove_var(name);
    }
    let outcomes: Vec<Value> = texts.iter().map(|text| outcome(text)).collect();
    println!("{}", Value::from(outcomes));
}

/// As a program that calls `dotenvy::dotenv()?` at its start; what was set before an error counts as refused with the rest.
fn outcome(text: &str) -> Value {
    let read = dotenvy::from_read(text.as_bytes());
    let vars: serde_json::Map<String, Value> = env::vars().map(|(name, value)| (name, value.into())).collect();
    for name in vars.keys() {
        env::remove_var(name);
    }
    // The library runs no program; if it began to, here it would be seen.
    let ran = fs::remove_file("CANARY").is_ok();
    match read {
        Ok(()) => json!({ "vars": vars, "ran": ran }),
        Err(error) => json!({ "error": error.to_string(), "ran": ran }),
    }
}
