/* Writes down what a process does to the files below DISK_ROOT, for LD_PRELOAD.
 *
 * Each record goes to DISK_LOG in one write: what was done, to which file (its inode and its name),
 * where, and with which bytes. What leaves the process (its standard output, a printer, a socket)
 * is written down between, as a mark: whoever saw it may rely on what came before. One lock keeps
 * the order. Syncs are written down and left out: no power goes while a story is recorded. What
 * this file does not know ends the process: a story with a hole would prove nothing.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

struct __attribute__((packed)) head {
    char what;
    uint64_t inode, offset;
    uint32_t name_size, data_size;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int log_fd = -1;
static const char *root;
static size_t root_size;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    root = getenv("DISK_ROOT");
    const char *path = getenv("DISK_LOG");
    if (!root || !path) return;
    root_size = strlen(root);
    log_fd = REAL(open)(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log_fd >= 0) log_fd = fcntl(log_fd, F_DUPFD_CLOEXEC, 500);
}

static void record(char what, uint64_t inode, const char *name, uint64_t offset, const void *data,
                   size_t size) {
    struct head head = {what, inode, offset, (uint32_t)strlen(name), (uint32_t)size};
    struct iovec parts[3] = {{&head, sizeof head}, {(void *)name, head.name_size},
                             {(void *)data, size}};
    if (REAL(writev)(log_fd, parts, 3) != (ssize_t)(sizeof head + head.name_size + size)) _exit(97);
}

static int is_ours(const char *path) {
    return log_fd >= 0 && !strncmp(path, root, root_size) && (path[root_size] == '/' || !path[root_size]);
}

static int absolute(int folder, const char *path, char *out) {
    char base[PATH_MAX];
    if (log_fd < 0) return 0;
    if (path[0] == '/') return snprintf(out, PATH_MAX, "%s", path), is_ours(out);
    if (folder == AT_FDCWD) {
        if (!getcwd(base, sizeof base)) return 0;
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
        ssize_t size = readlink(link, base, sizeof base - 1);
        if (size < 0) return 0;
        base[size] = 0;
    }
    if (snprintf(out, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return 0;
    return is_ours(out);
}

static int named(int fd, char *out, struct stat *seen) {  /* a file of ours behind a handle */
    char link[64];
    if (log_fd < 0 || fd == log_fd || fstat(fd, seen)) return 0;
    if (!S_ISREG(seen->st_mode) && !S_ISDIR(seen->st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, out, PATH_MAX - 1);
    if (size < 0) return 0;
    out[size] = 0;
    return is_ours(out);
}

static void leaves(int fd, const void *data, size_t size) {
    struct stat seen;
    if (log_fd < 0 || fd == log_fd || fstat(fd, &seen)) return;
    char what = fd == 1 ? 'S' : S_ISCHR(seen.st_mode) && isatty(fd) ? 'P'
              : S_ISSOCK(seen.st_mode) ? 'N' : 0;
    if (!what) return;
    pthread_mutex_lock(&lock);
    record(what, (uint64_t)fd, "", 0, data, size);
    pthread_mutex_unlock(&lock);
}

static int opened(int folder, const char *path, int flags, mode_t mode) {
    char name[PATH_MAX];
    if (!absolute(folder, path, name) || !(flags & (O_CREAT | O_TRUNC)))
        return REAL(openat)(folder, path, flags, mode);
    pthread_mutex_lock(&lock);
    struct stat before, after;
    int was = !stat(name, &before);
    int fd = REAL(openat)(folder, path, flags, mode), problem = errno;
    if (fd >= 0 && !fstat(fd, &after) && S_ISREG(after.st_mode)) {
        if (!was) record('c', after.st_ino, name, 0, "", 0);
        else if (flags & O_TRUNC) record('t', after.st_ino, name, 0, "", 0);
    }
    pthread_mutex_unlock(&lock);
    errno = problem;
    return fd;
}

#define OPEN(call, ...)                                                                            \
    mode_t mode = 0;                                                                               \
    if (flags & (O_CREAT | __O_TMPFILE)) {                                                         \
        va_list rest;                                                                              \
        va_start(rest, flags);                                                                     \
        mode = va_arg(rest, mode_t);                                                               \
        va_end(rest);                                                                              \
    }                                                                                              \
    return opened(__VA_ARGS__, flags, mode);

int open(const char *path, int flags, ...) { OPEN(open, AT_FDCWD, path) }
int open64(const char *path, int flags, ...) { OPEN(open64, AT_FDCWD, path) }
int openat(int folder, const char *path, int flags, ...) { OPEN(openat, folder, path) }
int openat64(int folder, const char *path, int flags, ...) { OPEN(openat64, folder, path) }

static ssize_t written(int fd, const void *data, size_t size, off64_t offset) {
    char name[PATH_MAX];
    struct stat seen;
    int positioned = offset >= 0;
    if (!named(fd, name, &seen)) {
        leaves(fd, data, size);
        return positioned ? REAL(pwrite64)(fd, data, size, offset) : REAL(write)(fd, data, size);
    }
    pthread_mutex_lock(&lock);
    if (!positioned) {
        int appends = fcntl(fd, F_GETFL) & O_APPEND;
        offset = appends ? seen.st_size : lseek64(fd, 0, SEEK_CUR);
    }
    record('w', seen.st_ino, name, (uint64_t)offset, data, size);
    ssize_t done = positioned ? REAL(pwrite64)(fd, data, size, offset) : REAL(write)(fd, data, size);
    pthread_mutex_unlock(&lock);
    if (done != (ssize_t)size) _exit(98);
    return done;
}

ssize_t write(int fd, const void *data, size_t size) { return written(fd, data, size, -1); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return written(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return written(fd, data, size, at); }

ssize_t writev(int fd, const struct iovec *parts, int count) {
    char name[PATH_MAX];
    struct stat seen;
    if (named(fd, name, &seen)) _exit(96);
    for (int part = 0; part < count; part++) leaves(fd, parts[part].iov_base, parts[part].iov_len);
    return REAL(writev)(fd, parts, count);
}

ssize_t send(int fd, const void *data, size_t size, int flags) {
    leaves(fd, data, size);
    return REAL(send)(fd, data, size, flags);
}

static int cut(int fd, off64_t size) {
    char name[PATH_MAX];
    struct stat seen;
    if (!named(fd, name, &seen)) return REAL(ftruncate64)(fd, size);
    pthread_mutex_lock(&lock);
    record('t', seen.st_ino, name, (uint64_t)size, "", 0);
    int done = REAL(ftruncate64)(fd, size);
    pthread_mutex_unlock(&lock);
    return done;
}

int ftruncate(int fd, off_t size) { return cut(fd, size); }
int ftruncate64(int fd, off64_t size) { return cut(fd, size); }

static int synced(int fd, int (*real)(int)) {
    char name[PATH_MAX];
    struct stat seen;
    if (!named(fd, name, &seen)) return real(fd);
    pthread_mutex_lock(&lock);
    record(S_ISDIR(seen.st_mode) ? 'F' : 's', seen.st_ino, name, 0, "", 0);
    pthread_mutex_unlock(&lock);
    return 0;
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int renamed(int folder, const char *from, int to_folder, const char *to, unsigned flags) {
    char old[PATH_MAX], new[PATH_MAX];
    int is_old = absolute(folder, from, old), is_new = absolute(to_folder, to, new);
    if (!is_old && !is_new) return REAL(renameat2)(folder, from, to_folder, to, flags);
    if (!is_old || !is_new || flags) _exit(95);
    pthread_mutex_lock(&lock);
    int done = REAL(renameat2)(folder, from, to_folder, to, flags), problem = errno;
    if (!done) record('r', 0, old, 0, new, strlen(new));
    pthread_mutex_unlock(&lock);
    errno = problem;
    return done;
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int f, const char *from, int t, const char *to) { return renamed(f, from, t, to, 0); }
int renameat2(int f, const char *from, int t, const char *to, unsigned flags) {
    return renamed(f, from, t, to, flags);
}

static int removed(int folder, const char *path, int flags) {
    char name[PATH_MAX];
    if (!absolute(folder, path, name)) return REAL(unlinkat)(folder, path, flags);
    pthread_mutex_lock(&lock);
    int done = REAL(unlinkat)(folder, path, flags), problem = errno;
    if (!done) record('u', 0, name, 0, "", 0);
    pthread_mutex_unlock(&lock);
    errno = problem;
    return done;
}

int unlink(const char *path) { return removed(AT_FDCWD, path, 0); }
int unlinkat(int folder, const char *path, int flags) { return removed(folder, path, flags); }
int rmdir(const char *path) { return removed(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
    struct stat seen;
    return removed(AT_FDCWD, path, !lstat(path, &seen) && S_ISDIR(seen.st_mode) ? AT_REMOVEDIR : 0);
}

static int folder_made(int folder, const char *path, mode_t mode) {
    char name[PATH_MAX];
    if (!absolute(folder, path, name)) return REAL(mkdirat)(folder, path, mode);
    pthread_mutex_lock(&lock);
    int done = REAL(mkdirat)(folder, path, mode), problem = errno;
    if (!done) record('m', 0, name, 0, "", 0);
    pthread_mutex_unlock(&lock);
    errno = problem;
    return done;
}

int mkdir(const char *path, mode_t mode) { return folder_made(AT_FDCWD, path, mode); }
int mkdirat(int folder, const char *path, mode_t mode) { return folder_made(folder, path, mode); }

/* What nobody here uses on a file of ours, and must not begin to in silence. */
#define NEVER(call, parameters, given, fd)                                                         \
    call parameters {                                                                              \
        char name[PATH_MAX];                                                                       \
        struct stat seen;                                                                          \
        if (named(fd, name, &seen)) _exit(94);                                                     \
        return given;                                                                              \
    }
NEVER(ssize_t pwritev, (int fd, const struct iovec *p, int n, off_t at), REAL(pwritev)(fd, p, n, at), fd)
NEVER(ssize_t copy_file_range, (int a, off64_t *i, int fd, off64_t *o, size_t n, unsigned f),
      REAL(copy_file_range)(a, i, fd, o, n, f), fd)
NEVER(int fallocate, (int fd, int mode, off_t at, off_t n), REAL(fallocate)(fd, mode, at, n), fd)
NEVER(int posix_fallocate, (int fd, off_t at, off_t n), REAL(posix_fallocate)(fd, at, n), fd)
NEVER(ssize_t sendfile, (int fd, int in, off_t *at, size_t n), REAL(sendfile)(fd, in, at, n), fd)
NEVER(ssize_t sendfile64, (int fd, int in, off64_t *at, size_t n), REAL(sendfile64)(fd, in, at, n), fd)
