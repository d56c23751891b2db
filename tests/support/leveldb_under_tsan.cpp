// LevelDB is not built with the thread sanitizer, which so cannot see how its readers and its
// writer agree on the memory table, and reports memcmp and memcpy inside it. Races of our own
// threads are reported as ever.

#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:libleveldb.so\n"; }
#endif
