//! Types that contain themselves, where a remembered verdict would mask a break.
