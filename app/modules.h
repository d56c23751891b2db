#pragma once
// The one list of all modules (modules.cpp), and the order in which they take part. Owned by the
// node; must outlive the engine that uses it.

#include <memory>
#include <string>
#include <vector>

#include "app/config.h"
#include "base/result.h"
#include "engine/engine.h"
#include "engine/router.h"

namespace hansa::app {

class Modules {
 public:
  // `secret` is the node's own (data_folder.h).
  Modules(const Config& config, const std::string& secret, const std::string& version);
  ~Modules();
  Modules(const Modules&) = delete;
  Modules& operator=(const Modules&) = delete;

  // Error: conflict, with the row that two modules claim.
  [[nodiscard]] Status add_to(engine::Router& router);
  [[nodiscard]] static std::vector<engine::FacetFactory> facets();
  // Which addresses are ours, for the engine.
  [[nodiscard]] engine::Addressing addressing() const;
  // The live keys of another configuration; on the deciding thread, between two events.
  void apply(const Config& config);

 private:
  struct All;
  std::unique_ptr<All> all_;
};

}  // namespace hansa::app
