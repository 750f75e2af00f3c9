//! Lists that are shipped with the product: each says at its head where it was taken from and when.

use serde::de::DeserializeOwned;

/// A list with its head.
#[derive(Clone, Debug)]
pub struct Shipped<T> {
    /// Where its rows come from.
    pub source: String,
    /// When they were taken: `2026-06-16` or `2026-06`.
    pub date: String,
    /// The rest of the file.
    pub rows: T,
}

impl<T: DeserializeOwned> Shipped<T> {
    /// Reads a file of `assets/data`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(file: &str) -> Result<Self, String> {
        let mut table: toml::Table = toml::from_str(file).map_err(|error| error.to_string())?;
        let mut head = |name: &str| match table.remove(name) {
            Some(toml::Value::String(text)) if !text.is_empty() => Ok(text),
            _ => Err(format!("the file does not say its {name}")),
        };
        let (source, date) = (head("source")?, head("date")?);
        let rows = table.try_into().map_err(|error: toml::de::Error| error.to_string())?;
        Ok(Self { source, date, rows })
    }
}
