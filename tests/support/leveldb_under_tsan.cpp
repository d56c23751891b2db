// LevelDB is not built with the thread sanitizer, which so cannot see how its readers and its
// writer agree on the memory table, and reports memcmp and memcpy inside it. Races of our own
// threads are reported as ever.
//
// A report is suppressed if LevelDB stands anywhere in one of its stacks, so also what it calls:
// LevelDbEnv and its files. They share nothing between threads but an atomic and what is set before
// the database opens; a file is used by one thread at a time. Narrower is not to be had: the
// library's functions are hidden, so none can be named. called_from_lib looks away from its locks
// as well, and reports them as broken; ignore_noninstrumented_modules looks away from all that is
// copied inside libstdc++, our strings among it.

#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions();
extern "C" const char* __tsan_default_suppressions() { return "race:libleveldb.so\n"; }
#endif
