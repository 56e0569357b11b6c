//! Values that go into statements and rows that come out: the few types that both backends share.

use crate::fault::{DbFault, Fault, Outcome};
use kernel::{
    Day, DistrictCode, DutyId, EventId, FileId, Instant, PersonId, PostCode, SessionId, Slug, UnitCode,
};
use std::error::Error;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

/// A bound parameter, borrowed where it can be.
#[derive(Debug, Clone, PartialEq)]
pub enum Arg<'a> {
    /// SQL null.
    Null,
    /// Integers, instants in microseconds, district codes, flags as 0 and 1.
    Int(i64),
    /// Coordinates and other measured numbers; never money or scores.
    Real(f64),
    /// Text.
    Text(&'a str),
    /// Text made for this call.
    Own(String),
    /// Bytes.
    Blob(&'a [u8]),
}

impl Arg<'_> {
    /// The same value, owning its text; bytes are kept by leaking them, which only a bench's recording does.
    pub(super) fn to_static(&self) -> Arg<'static> {
        match self {
            Arg::Null => Arg::Null,
            Arg::Int(n) => Arg::Int(*n),
            Arg::Real(x) => Arg::Real(*x),
            Arg::Text(text) => Arg::Own((*text).to_owned()),
            Arg::Own(text) => Arg::Own(text.clone()),
            Arg::Blob(bytes) => Arg::Blob(Box::leak(bytes.to_vec().into_boxed_slice())),
        }
    }
}

impl From<i64> for Arg<'_> {
    fn from(n: i64) -> Self {
        Arg::Int(n)
    }
}
impl From<i32> for Arg<'_> {
    fn from(n: i32) -> Self {
        Arg::Int(i64::from(n))
    }
}
impl From<u32> for Arg<'_> {
    fn from(n: u32) -> Self {
        Arg::Int(i64::from(n))
    }
}
impl From<u64> for Arg<'_> {
    fn from(n: u64) -> Self {
        Arg::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl From<usize> for Arg<'_> {
    fn from(n: usize) -> Self {
        Arg::Int(i64::try_from(n).unwrap_or(i64::MAX))
    }
}
impl From<bool> for Arg<'_> {
    fn from(b: bool) -> Self {
        Arg::Int(i64::from(b))
    }
}
impl From<f64> for Arg<'_> {
    fn from(x: f64) -> Self {
        Arg::Real(x)
    }
}
impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Arg::Text(text)
    }
}
impl<'a> From<&'a String> for Arg<'a> {
    fn from(text: &'a String) -> Self {
        Arg::Text(text)
    }
}
impl From<String> for Arg<'_> {
    fn from(text: String) -> Self {
        Arg::Own(text)
    }
}
impl<'a> From<&'a [u8]> for Arg<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Arg::Blob(bytes)
    }
}
impl<'a> From<&'a Vec<u8>> for Arg<'a> {
    fn from(bytes: &'a Vec<u8>) -> Self {
        Arg::Blob(bytes)
    }
}
impl From<Instant> for Arg<'_> {
    fn from(at: Instant) -> Self {
        Arg::Int(at.micros())
    }
}
impl From<Day> for Arg<'_> {
    fn from(day: Day) -> Self {
        Arg::Int(i64::from(day.number()))
    }
}
impl From<DistrictCode> for Arg<'_> {
    fn from(code: DistrictCode) -> Self {
        Arg::Int(i64::from(code.number()))
    }
}
impl<'a, T> From<Option<T>> for Arg<'a>
where
    Arg<'a>: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Arg::Null, Arg::from)
    }
}

macro_rules! arg_from_uuid {
    ($($name:ty),*) => { $(
        impl From<$name> for Arg<'_> {
            fn from(id: $name) -> Self {
                Arg::Own(id.to_string())
            }
        }
    )* };
}
arg_from_uuid!(DutyId, EventId, FileId, PersonId, SessionId);

macro_rules! arg_from_code {
    ($($name:ty),*) => { $(
        impl<'a> From<&'a $name> for Arg<'a> {
            fn from(code: &'a $name) -> Self {
                Arg::Text(code.as_str())
            }
        }
    )* };
}
arg_from_code!(UnitCode, PostCode, Slug);

impl rusqlite::ToSql for Arg<'_> {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        use rusqlite::types::{ToSqlOutput, ValueRef};
        Ok(ToSqlOutput::Borrowed(match self {
            Arg::Null => ValueRef::Null,
            Arg::Int(n) => ValueRef::Integer(*n),
            Arg::Real(x) => ValueRef::Real(*x),
            Arg::Text(text) => ValueRef::Text(text.as_bytes()),
            Arg::Own(text) => ValueRef::Text(text.as_bytes()),
            Arg::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

impl ToSql for Arg<'_> {
    fn to_sql(&self, ty: &Type, out: &mut bytes::BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Arg::Null => Ok(IsNull::Yes),
            Arg::Int(n) if *ty == Type::INT4 => i32::try_from(*n)?.to_sql(ty, out),
            Arg::Int(n) if *ty == Type::INT2 => i16::try_from(*n)?.to_sql(ty, out),
            Arg::Int(n) => n.to_sql(ty, out),
            Arg::Real(x) => x.to_sql(ty, out),
            Arg::Text(text) => text.to_sql(ty, out),
            Arg::Own(text) => text.to_sql(ty, out),
            Arg::Blob(bytes) => bytes.to_sql(ty, out),
        }
    }
    fn accepts(_: &Type) -> bool {
        true
    }
    to_sql_checked!();
}

/// One row of an answer, read by column position.
pub enum Row<'r> {
    #[doc(hidden)]
    Lite(&'r rusqlite::Row<'r>),
    #[doc(hidden)]
    Pg(&'r tokio_postgres::Row),
}

impl Row<'_> {
    /// A column that may be null.
    fn get<T>(&self, i: usize) -> Outcome<Option<T>>
    where
        T: rusqlite::types::FromSql + for<'a> tokio_postgres::types::FromSql<'a>,
    {
        match self {
            Row::Lite(row) => row.get::<_, Option<T>>(i).map_err(|e| unreadable(i, &e)),
            Row::Pg(row) => row.try_get::<_, Option<T>>(i).map_err(|e| unreadable(i, &e)),
        }
    }
    /// An integer, or null.
    pub fn int_opt(&self, i: usize) -> Outcome<Option<i64>> {
        if let Row::Pg(row) = self {
            let narrow = row.columns().get(i).map(|c| c.type_().clone());
            return match narrow {
                Some(Type::INT4) => Ok(self.get::<i32>(i)?.map(i64::from)),
                Some(Type::INT2) => Ok(self.get::<i16>(i)?.map(i64::from)),
                _ => self.get::<i64>(i),
            };
        }
        self.get::<i64>(i)
    }
    /// An integer.
    pub fn int(&self, i: usize) -> Outcome<i64> {
        self.int_opt(i)?.ok_or_else(|| null(i))
    }
    /// An integer as a count.
    pub fn count(&self, i: usize) -> Outcome<u64> {
        u64::try_from(self.int(i)?).map_err(|_| Fault::broken(format!("column {i}: negative count")))
    }
    /// A flag stored as 0 or 1.
    pub fn flag(&self, i: usize) -> Outcome<bool> {
        Ok(self.int(i)? != 0)
    }
    /// A measured number, or null.
    pub fn real_opt(&self, i: usize) -> Outcome<Option<f64>> {
        self.get::<f64>(i)
    }
    /// Text, or null.
    pub fn text_opt(&self, i: usize) -> Outcome<Option<String>> {
        self.get::<String>(i)
    }
    /// Text.
    pub fn text(&self, i: usize) -> Outcome<String> {
        self.text_opt(i)?.ok_or_else(|| null(i))
    }
    /// Text, borrowed from the row.
    pub fn str(&self, i: usize) -> Outcome<&str> {
        match self {
            Row::Lite(row) => {
                let value = row.get_ref(i).map_err(|e| unreadable(i, &e))?;
                value.as_str().map_err(|e| unreadable(i, &e))
            }
            Row::Pg(row) => row.try_get::<_, &str>(i).map_err(|e| unreadable(i, &e)),
        }
    }
    /// Bytes, borrowed from the row.
    pub fn blob(&self, i: usize) -> Outcome<&[u8]> {
        match self {
            Row::Lite(row) => {
                let value = row.get_ref(i).map_err(|e| unreadable(i, &e))?;
                value.as_blob().map_err(|e| unreadable(i, &e))
            }
            Row::Pg(row) => row.try_get::<_, &[u8]>(i).map_err(|e| unreadable(i, &e)),
        }
    }
    /// Bytes, or null.
    pub fn bytes_opt(&self, i: usize) -> Outcome<Option<Vec<u8>>> {
        self.get::<Vec<u8>>(i)
    }
    /// Bytes.
    pub fn bytes(&self, i: usize) -> Outcome<Vec<u8>> {
        self.bytes_opt(i)?.ok_or_else(|| null(i))
    }
    /// A moment.
    pub fn instant(&self, i: usize) -> Outcome<Instant> {
        self.int(i).map(Instant::from_micros)
    }
    /// A moment, or null.
    pub fn instant_opt(&self, i: usize) -> Outcome<Option<Instant>> {
        Ok(self.int_opt(i)?.map(Instant::from_micros))
    }
    /// A day, or null.
    pub fn day_opt(&self, i: usize) -> Outcome<Option<Day>> {
        Ok(self.int_opt(i)?.and_then(|n| i32::try_from(n).ok()).map(Day::from_number))
    }
    /// A day.
    pub fn day(&self, i: usize) -> Outcome<Day> {
        self.day_opt(i)?.ok_or_else(|| null(i))
    }
    /// Text parsed into a typed id or code.
    pub fn parsed<T: std::str::FromStr>(&self, i: usize) -> Outcome<T> {
        let parsed = self.str(i)?.parse::<T>();
        parsed.map_err(|_| Fault::broken(format!("column {i}: stored text does not parse")))
    }
    /// Text parsed into a typed id or code, or null.
    pub fn parsed_opt<T: std::str::FromStr>(&self, i: usize) -> Outcome<Option<T>> {
        match self.text_opt(i)? {
            None => Ok(None),
            Some(text) => text
                .parse::<T>()
                .map(Some)
                .map_err(|_| Fault::broken(format!("column {i}: stored text does not parse"))),
        }
    }
    /// JSON text read into a type.
    pub fn json<T: serde::de::DeserializeOwned>(&self, i: usize) -> Outcome<T> {
        Ok(serde_json::from_str(self.str(i)?)?)
    }
}

fn null(i: usize) -> Fault {
    Fault::Db(DbFault::Other(format!("column {i} is null")))
}

fn unreadable(i: usize, e: &dyn std::fmt::Display) -> Fault {
    Fault::Db(DbFault::Other(format!("column {i}: {e}")))
}

/// In debug builds, holds every statement to the rule that makes `$n` mean the same on both backends: numbers
/// appear in the order of first use (SQLite numbers named parameters by their first appearance).
pub(super) fn check_order(sql: &str) {
    if cfg!(debug_assertions) {
        let mut highest = 0_u32;
        for part in sql.split('$').skip(1) {
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            let Ok(n) = digits.parse::<u32>() else { continue };
            debug_assert!(n <= highest + 1, "parameter ${n} before ${} in: {sql}", highest + 1);
            highest = highest.max(n);
        }
    }
}
