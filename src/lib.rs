//! Personary.

pub mod diagnostic;
pub mod source;
pub mod schema;
pub mod library;
pub mod check;
pub mod site;
pub mod build;
pub mod preview;
