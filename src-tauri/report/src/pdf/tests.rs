//! Tests of the page layout.
