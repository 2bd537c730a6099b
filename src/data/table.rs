use std::path::Path;

use ndarray::{Array2, ArrayView1, Axis};

use super::Labelled;
use crate::{Error, FileProblem, Result};

/// A table of numbers with named columns, read from a CSV file.
///
/// Fields are separated by commas and may be quoted. The first line has the columns' names; if it has
/// nothing but numbers, the columns have none and are called `0`, `1`, ….
///
/// ```
/// use gradus::data::Table;
///
/// let table = Table::parse(b"height,width,kind\n1.5,2,0\n3,4.5,1\n")?;
/// assert_eq!(table.column("width")?.to_vec(), [2.0, 4.5]);
/// let data = table.labelled("kind")?;
/// assert_eq!((data.inputs.dim(), data.labels), ((2, 2), vec![0, 1]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// The columns' names.
    pub names: Vec<String>,
    /// One line a row.
    pub values: Array2<f64>,
}

impl Table {
    /// Reads a CSV file.
    ///
    /// # Errors
    /// [`Error::File`](crate::Error::File) if the file cannot be read, or as [`parse`](Table::parse).
    pub fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        std::fs::read(path)
            .map_err(|error| FileProblem::system("read", &error))
            .and_then(|bytes| Self::parse(&bytes))
            .map_err(|problem| problem.of(path))
    }

    /// The table in a CSV file, given as bytes.
    ///
    /// # Errors
    /// If the file is empty or no UTF-8, a line has another number of fields than the first, or a field
    /// is not a finite number.
    pub fn parse(bytes: &[u8]) -> Result<Self, FileProblem> {
        let mut reader =
            csv::ReaderBuilder::new().has_headers(false).trim(csv::Trim::All).from_reader(bytes);
        let mut names = Vec::new();
        let mut values = Vec::new();
        for record in reader.records() {
            let record = record.map_err(|error| problem(bytes, &error))?;
            let line = line(bytes, record.position());
            let numbers = record.iter().map(number);
            if names.is_empty() {
                if numbers.clone().all(|number| number.is_some()) {
                    names = (0..record.len()).map(|j| j.to_string()).collect();
                } else {
                    names = record.iter().map(str::to_owned).collect();
                    continue;
                }
            }
            for (j, number) in numbers.enumerate() {
                values.push(number.ok_or_else(|| FileProblem::Line {
                    line,
                    found: format!("“{}” in the column “{}”", shortened(&record[j]), names[j]),
                    expected: "a finite number".into(),
                })?);
            }
        }
        if names.is_empty() {
            return Err(FileProblem::Kind {
                found: "it has no line".into(),
                expected: "a CSV file",
            });
        }
        let shape = (values.len() / names.len(), names.len());
        let values = Array2::from_shape_vec(shape, values).map_err(|error| FileProblem::Kind {
            found: error.to_string(),
            expected: "a CSV file",
        })?;
        Ok(Self { names, values })
    }

    /// The column of this name.
    ///
    /// # Errors
    /// If there is none.
    pub fn column(&self, name: &str) -> Result<ArrayView1<'_, f64>> {
        Ok(self.values.column(self.index(name)?))
    }

    /// Examples whose classes are the column `label`, and whose features are all others; the number of
    /// classes is one more than the largest.
    ///
    /// # Errors
    /// If there is no such column or no other, or its numbers are no whole ones from 0 to 65,535.
    pub fn labelled(&self, label: &str) -> Result<Labelled> {
        let label = self.index(label)?;
        let mut labels = Vec::new();
        for &class in self.values.column(label) {
            let whole = class.fract() == 0.0 && (0.0..=f64::from(u16::MAX)).contains(&class);
            Error::check(whole, "label", class, "whole numbers from 0 to 65535")?;
            labels.push(class as usize);
        }
        let features: Vec<usize> = (0..self.names.len()).filter(|&j| j != label).collect();
        let classes = labels.iter().max().map_or(0, |class| class + 1);
        Labelled::new(self.values.select(Axis(1), &features), labels, classes)
    }

    fn index(&self, name: &str) -> Result<usize> {
        self.names.iter().position(|n| n == name).ok_or_else(|| Error::Argument {
            argument: "name",
            value: format!("“{name}”"),
            expected: "the name of a column",
        })
    }
}

fn number(field: &str) -> Option<f64> {
    field.parse().ok().filter(|number: &f64| number.is_finite())
}

/// So much of a field that a message can hold it.
fn shortened(field: &str) -> String {
    field.chars().take(40).collect()
}

/// The line of a record, which begins behind blank lines.
fn line(bytes: &[u8], position: Option<&csv::Position>) -> u64 {
    position.map_or(0, |position| {
        let from = bytes.get(position.byte() as usize..).unwrap_or_default();
        let blank = from.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        position.line() + blank.filter(|&&byte| byte == b'\n').count() as u64
    })
}

fn problem(bytes: &[u8], error: &csv::Error) -> FileProblem {
    let line = line(bytes, error.position());
    match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => FileProblem::Line {
            line,
            found: format!("{len} fields"),
            expected: format!("{expected_len}, as on the first line"),
        },
        csv::ErrorKind::Utf8 { .. } => FileProblem::Line {
            line,
            found: "bytes that are no text".into(),
            expected: "UTF-8".into(),
        },
        _ => FileProblem::Kind { found: error.to_string(), expected: "a CSV file" },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;
    use proptest::prelude::*;

    fn message(text: &str) -> String {
        Table::parse(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn names_are_found_where_there_are_some() {
        let table = Table::parse(b"\xef\xbb\xbfx,\"a, b\"\r\n1, -2e3\r\n\"3\",4\r\n").unwrap();
        assert_eq!(table.names, ["x", "a, b"]);
        assert_eq!(table.values, array![[1.0, -2000.0], [3.0, 4.0]]);
        let table = Table::parse(b"1,2\n3,4\n").unwrap();
        assert_eq!((table.names.len(), table.values.nrows()), (2, 2));
        assert_eq!(table.column("1").unwrap().to_vec(), [2.0, 4.0]);
        assert_eq!(Table::parse(b"x,y").unwrap().values.dim(), (0, 2));
    }

    #[test]
    fn each_damage_has_its_name() {
        assert_eq!(message(""), "is not a CSV file: it has no line");
        assert_eq!(
            message("x,y\n1,2\n\n3\n"),
            "line 4: 1 fields, expected 2, as on the first line"
        );
        assert_eq!(
            message("x,y\n1,two\n"),
            "line 2: “two” in the column “y”, expected a finite number"
        );
        assert_eq!(message("x,y\n1,\n"), "line 2: “” in the column “y”, expected a finite number");
        assert_eq!(
            message("x,y\n\n\n1,NaN\n"),
            "line 4: “NaN” in the column “y”, expected a finite number"
        );
        let binary = Table::parse(b"x,y\n1,\xff\xfe\n").unwrap_err();
        assert_eq!(binary.to_string(), "line 2: bytes that are no text, expected UTF-8");
        let error = Table::read("no/such/file").unwrap_err().to_string();
        assert!(error.starts_with("no/such/file: cannot read: "), "{error}");
    }

    #[test]
    fn classes_are_whole_numbers() {
        let table = Table::parse(b"a,class,b\n1,2,3\n4,0,6\n").unwrap();
        let data = table.labelled("class").unwrap();
        assert_eq!((data.labels, data.classes), (vec![2, 0], 3));
        assert_eq!(data.inputs, array![[1.0, 3.0], [4.0, 6.0]]);
        let message = table.labelled("kind").unwrap_err().to_string();
        assert_eq!(message, "`name` is “kind”, expected the name of a column");
        for bad in ["0.5", "-1", "1e9"] {
            let table = Table::parse(format!("a,class\n1,{bad}\n").as_bytes()).unwrap();
            assert!(table.labelled("class").is_err(), "{bad}");
        }
        assert!(Table::parse(b"class\n0\n").unwrap().labelled("class").is_err());
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(b",\"\n\r1.-e".to_vec())], 0..100)) {
            let _ = Table::parse(&bytes).map(|table| table.labelled("0").is_ok());
        }

        #[test]
        fn what_was_written_is_read(rows in 1..5_usize, columns in 1..5_usize, numbers in prop::collection::vec(-1e9..1e9_f64, 16)) {
            let values = Array2::from_shape_fn((rows, columns), |(i, j)| numbers[i * 4 + j % 4]);
            let mut text = (0..columns).map(|j| format!("x{j}")).collect::<Vec<_>>().join(",");
            for row in values.rows() {
                let fields: Vec<String> = row.iter().map(f64::to_string).collect();
                text += &format!("\n{}", fields.join(","));
            }
            prop_assert_eq!(Table::parse(text.as_bytes()).unwrap().values, values);
        }
    }
}
