//! The first row of a CSV: which columns there are, and which sort of file it makes.

use super::sheet::Record;
use crate::diagnostic::MOST;
use crate::schema::nearest;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    Period,
    Value,
    Score,
    Persona,
    Segment,
    Journey,
    Stage,
    N,
    Promoters,
    Passives,
    Detractors,
    Low,
    High,
    Source,
}

use Column::{
    Detractors, High, Journey, Low, N, Passives, Period, Persona, Promoters, Score, Segment,
    Source, Stage, Value,
};

impl Column {
    /// The columns of a file of measurements.
    const MEASUREMENTS: [Self; 13] = [
        Period, Value, Persona, Segment, Journey, Stage, N, Promoters, Passives, Detractors, Low,
        High, Source,
    ];
    /// The columns of a file of answers.
    const RESPONSES: [Self; 7] = [Period, Score, Persona, Segment, Journey, Stage, Source];
    /// How many there are.
    const COUNT: usize = Source as usize + 1;

    /// Its name in the first row.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Period => "period",
            Value => "value",
            Score => "score",
            Persona => "persona",
            Segment => "segment",
            Journey => "journey",
            Stage => "stage",
            N => "n",
            Promoters => "promoters",
            Passives => "passives",
            Detractors => "detractors",
            Low => "low",
            High => "high",
            Source => "source",
        }
    }
}

/// What the rows of a file are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Sort {
    /// One row a period and slice.
    #[default]
    Measurements,
    /// One row an answer.
    Responses,
}

impl Sort {
    /// Tells by the first row: answers have scores.
    fn of(header: &Record<'_>) -> Self {
        if header.fields().any(|name| name == Score.name()) {
            Self::Responses
        } else {
            Self::Measurements
        }
    }

    fn columns(self) -> &'static [Column] {
        match self {
            Self::Measurements => &Column::MEASUREMENTS,
            Self::Responses => &Column::RESPONSES,
        }
    }

    /// The column that holds the figure.
    pub(super) fn figure(self) -> Column {
        match self {
            Self::Measurements => Value,
            Self::Responses => Score,
        }
    }
}

/// Where the columns of a file are.
#[derive(Default)]
pub(super) struct Columns {
    /// What its rows are.
    pub(super) sort: Sort,
    /// How many fields a row has.
    pub(super) len: usize,
    at: [Option<usize>; Column::COUNT],
}

/// Something wrong with the first row.
pub(super) struct Fault {
    /// The field; the whole row when there is none.
    pub(super) index: Option<usize>,
    pub(super) message: String,
    pub(super) help: String,
    /// The column that was meant, where that is beyond doubt.
    pub(super) meant: Option<&'static str>,
}

impl Fault {
    fn new(index: impl Into<Option<usize>>, message: String, help: String) -> Self {
        Self {
            index: index.into(),
            message,
            help,
            meant: None,
        }
    }
}

impl Columns {
    /// Reads the first row.
    pub(super) fn read(header: &Record<'_>) -> (Self, Vec<Fault>) {
        let sort = Sort::of(header);
        let mut columns = Self {
            sort,
            len: header.len(),
            at: [None; Column::COUNT],
        };
        let mut faults = Vec::new();
        for (index, name) in header.fields().enumerate() {
            let known = sort.columns().iter().find(|c| c.name() == name);
            match known.map(|&column| &mut columns.at[column as usize]) {
                // More than are told, and the columns that are known may come behind them.
                None | Some(Some(_)) if faults.len() > MOST => {}
                None => faults.push(Fault {
                    meant: meant(sort, header, name),
                    ..unknown(sort, index, name)
                }),
                Some(Some(_)) => faults.push(Fault::new(
                    index,
                    format!("the column `{name}` is there twice"),
                    "remove one of them".to_owned(),
                )),
                Some(place) => *place = Some(index),
            }
        }
        for needed in [Period, sort.figure()] {
            if columns.find(needed).is_none() {
                faults.push(Fault::new(
                    None,
                    format!("the column `{}` is missing", needed.name()),
                    "start the file with the line `period,value`, and add the other columns behind"
                        .to_owned(),
                ));
            }
        }
        (columns, faults)
    }

    /// Where a column is.
    pub(super) fn find(&self, column: Column) -> Option<usize> {
        self.at[column as usize]
    }

    /// Where the column of this name is.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        let column = self.sort.columns().iter().find(|c| c.name() == name)?;
        self.find(*column)
    }

    /// What a record says in a column.
    pub(super) fn get<'r>(&self, record: &Record<'r>, column: Column) -> Option<&'r str> {
        record.get(self.find(column)?)
    }
}

fn unknown(sort: Sort, index: usize, name: &str) -> Fault {
    let names = || sort.columns().iter().map(|c| c.name());
    let list = || {
        names()
            .map(|n| format!("`{n}`"))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let elsewhere = Column::MEASUREMENTS.iter().any(|c| c.name() == name);
    if elsewhere {
        return Fault::new(
            index,
            format!("a file with one answer a row has no column `{name}`"),
            format!("remove it: a file with a column `score` has {}", list()),
        );
    }
    Fault::new(
        index,
        format!("there is no column `{name}`"),
        match nearest::nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("remove it, or write one of {}", list()),
        },
    )
}

/// More columns than anybody writes: with each of them all others are compared.
const MANY: usize = 200;

/// The column that the misspelt `name` is, unless another one is called so, or could be.
fn meant(sort: Sort, header: &Record<'_>, name: &str) -> Option<&'static str> {
    if header.len() > MANY {
        return None;
    }
    let slip = |name: &str| nearest::slip(name, sort.columns().iter().map(|c| c.name()));
    let meant = slip(name)?;
    let same = |other: &&str| slip(other) == Some(meant);
    (header.fields().filter(same).count() == 1).then_some(meant)
}
