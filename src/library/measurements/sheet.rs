//! A CSV as records, with the places of their fields.
//!
//! Places are computed when a finding asks for them; a record without one costs nothing but its
//! parsing.

use std::ops::Range;

/// The records of a CSV text.
pub(super) struct Sheet<'a> {
    text: &'a str,
    mark: usize,
    csv: csv::Reader<&'a [u8]>,
    record: csv::StringRecord,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let body = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            text,
            mark: text.len() - body.len(),
            csv: csv::ReaderBuilder::new()
                .flexible(true)
                .has_headers(false)
                .from_reader(body.as_bytes()),
            record: csv::StringRecord::new(),
        }
    }

    /// The next record; the error with its byte in the text.
    pub(super) fn next(&mut self) -> Result<Option<Record<'_>>, (csv::Error, usize)> {
        match self.csv.read_record(&mut self.record) {
            Ok(false) => Ok(None),
            Ok(true) => Ok(Some(Record {
                text: self.text,
                start: self.record.position().map_or(0, offset) + self.mark,
                fields: &self.record,
            })),
            Err(error) => {
                let at = error.position().map_or(0, offset) + self.mark;
                Err((error, at))
            }
        }
    }
}

fn offset(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).unwrap_or(0)
}

/// One record.
pub(super) struct Record<'a> {
    text: &'a str,
    fields: &'a csv::StringRecord,
    /// Where it starts, or the empty lines before it.
    start: usize,
}

impl<'a> Record<'a> {
    /// How many fields it has.
    pub(super) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Its fields as they are, without the spaces around them.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'a str> {
        self.fields.iter().map(str::trim)
    }

    /// A field that says something: neither empty nor `*`.
    pub(super) fn get(&self, index: usize) -> Option<&'a str> {
        let text = self.fields.get(index)?.trim();
        (!text.is_empty() && text != "*").then_some(text)
    }

    /// The place of a field, without the spaces around it.
    pub(super) fn span(&self, index: usize) -> Range<usize> {
        field_span(self.text, self.start, index)
    }

    /// The place of a quote that is never closed, which makes the rest of the file one field.
    pub(super) fn open_quote(&self) -> Option<Range<usize>> {
        if !self.fields.as_slice().contains('\n') {
            return None;
        }
        let from = self.span(self.len().saturating_sub(1)).start;
        let open = self.text.as_bytes().get(from) == Some(&b'"')
            && quoted_end(self.text.as_bytes(), from).is_none();
        open.then_some(from..from + 1)
    }

    /// The byte at which it starts.
    pub(super) fn start(&self) -> usize {
        skip_blank(self.text, self.start)
    }

    /// The place of the whole record, or of its first line.
    pub(super) fn line(&self) -> Range<usize> {
        let start = skip_blank(self.text, self.start);
        let rest = self.text.get(start..).unwrap_or("");
        start..start + rest.lines().next().unwrap_or("").len()
    }
}

/// The place of field `index` in the record that starts at `start`.
fn field_span(text: &str, start: usize, index: usize) -> Range<usize> {
    let start = skip_blank(text, start);
    let bytes = text.as_bytes();
    let mut from = start;
    let mut at = start;
    for field in 0.. {
        from = at;
        at = field_end(bytes, from);
        if field == index || bytes.get(at) != Some(&b',') {
            break;
        }
        at += 1;
    }
    let field = text.get(from..at).unwrap_or("");
    let from = from + field.len() - field.trim_start().len();
    from..from + field.trim().len()
}

/// Where the field that starts at `from` ends. Quotes count where a field begins with one.
fn field_end(bytes: &[u8], from: usize) -> usize {
    let at = match bytes.get(from) {
        Some(b'"') => quoted_end(bytes, from).unwrap_or(bytes.len()),
        _ => from,
    };
    let rest = bytes.get(at..).unwrap_or(&[]);
    let end = rest.iter().position(|b| matches!(b, b',' | b'\n' | b'\r'));
    at + end.unwrap_or(rest.len())
}

/// The byte behind the quote that closes the one at `from`; a doubled quote is none.
fn quoted_end(bytes: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        if *byte == b'"' {
            if bytes.get(at) != Some(&b'"') {
                return Some(at);
            }
            at += 1;
        }
    }
    None
}

/// The parser skips empty lines before a record.
fn skip_blank(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or("");
    start + rest.len() - rest.trim_start_matches(['\n', '\r']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_found_whatever_its_quotes_and_spaces() {
        let text = "\u{feff}a,b,c\n\r\n\"x,\"\"y\",  5 in\" , z\r\n,,last";
        let mut sheet = Sheet::new(text);
        let mut found = Vec::new();
        while let Ok(Some(record)) = sheet.next() {
            found.push(
                (0..record.len())
                    .map(|index| &text[record.span(index)])
                    .collect::<Vec<_>>(),
            );
        }
        assert_eq!(
            found,
            [
                vec!["a", "b", "c"],
                vec!["\"x,\"\"y\"", "5 in\"", "z"],
                vec!["", "", "last"]
            ]
        );
    }
}
