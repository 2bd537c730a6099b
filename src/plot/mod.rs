//! Figures as SVG that speak for themselves.
