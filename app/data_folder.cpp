#include "app/data_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace hansa::app {
namespace {

constexpr std::size_t kSecretCharacters = 52;  // 260 bits

Error failed(const std::string& what) {
  return Error(Condition::internal_server_error,
               what + ": " + std::generic_category().message(errno));
}

class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : number_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (number_ >= 0) ::close(number_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  [[nodiscard]] bool open() const { return number_ >= 0; }
  [[nodiscard]] bool write(const std::string& text) const {
    return ::write(number_, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }
  [[nodiscard]] bool sync() const { return ::fsync(number_) == 0; }

 private:
  int number_;
};

// Under another name first: whoever finds the file finds all of it.
Status write_secret(const std::string& folder, const std::string& path, const std::string& secret) {
  const std::string unfinished = path + ".new";
  {
    const File file(unfinished, O_WRONLY | O_CREAT | O_TRUNC, S_IRUSR | S_IWUSR);
    if (!file.open() || !file.write(secret + '\n') || !file.sync()) {
      return failed("cannot write " + unfinished);
    }
  }
  if (::rename(unfinished.c_str(), path.c_str()) != 0) return failed("cannot make " + path);
  const File names(folder, O_RDONLY | O_DIRECTORY);
  if (!names.open() || !names.sync()) return failed("cannot sync " + folder);
  return Done{};
}

}  // namespace

Status make_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), S_IRWXU) == 0 || errno == EEXIST) return Done{};
  return failed("cannot make the folder " + folder);
}

Result<std::string> node_secret(const std::string& folder, Random& random) {
  const std::string path = folder + "/secret";
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) {
    if (errno != ENOENT) return failed("cannot look at " + path);
    const std::string secret = random_token(random, kSecretCharacters);
    const Status written = write_secret(folder, path, secret);
    if (!written) return written.error();
    return secret;
  }
  std::string secret;
  std::ifstream in(path);
  if (!in.is_open()) return failed("cannot read " + path);
  std::getline(in, secret);
  if (secret.size() != kSecretCharacters) {
    return Error(Condition::internal_server_error,
                 path +
                     " does not hold this node's secret: put it back from a backup; without it "
                     "everybody's occupant id changes");
  }
  return secret;
}

}  // namespace hansa::app
