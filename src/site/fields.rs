//! Small objects for templates.

use std::sync::Arc;

use minijinja::Value;
use minijinja::value::{Enumerator, Object};

/// The fields of a view. There are few, so that looking through them is faster than hashing a
/// name, and templates look up far more than views are made.
#[derive(Debug)]
pub(super) struct Fields(Vec<(&'static str, Value)>);

impl Object for Fields {
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        let key = key.as_str()?;
        let found = self.0.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| value.clone())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.0.iter().map(|(name, _)| Value::from(*name)).collect())
    }
}

/// A view with these fields.
pub(super) fn view(fields: impl Into<Vec<(&'static str, Value)>>) -> Value {
    Value::from_object(Fields(fields.into()))
}
