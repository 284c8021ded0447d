//! Imports of schemas that this project wrote, and of schemas that others wrote.

mod round_trip;

mod schemas;

mod carried;
mod loss;
