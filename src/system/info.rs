//! `GET /info`
