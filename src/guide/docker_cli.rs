//! For users of the docker CLI: each flag and its setter, each command and its call, and what differs.
//!
//! The lists of `docker run`, `docker update`, `docker build`, `docker service create` and `docker service update` have every flag of the
//! Docker CLI and of buildx as of August 2026. Other commands are listed without their flags. Setters without a type belong to the type
//! that the section names. A field is set on the spec: `spec.host_config.cpu_realtime_period = 1_000_000`.
//!
//! # `docker run`
//! `docker run --rm` pulls, creates, starts, follows and removes. [`Run`] does all of that. [`Containers::create`] only creates the
//! container, and the image has to be there.
//!
//! ```no_run
//! use longshore::Docker;
//! use longshore::container::ContainerSpec;
//! use longshore::deploy::Run;
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! // docker run --rm --env MODE=test --memory 512m busybox env
//! let spec = ContainerSpec::new("busybox").env("MODE", "test").memory("512m").cmd(["env"]);
//! let done = Run::new(spec).to_completion(&Docker::from_env()?).await?;
//! print!("{}", done.stdout_text());
//! # Ok(()) }
//! ```
//!
//! Setters without a type are those of [`ContainerSpec`]. Fields are those of [`HostConfig`] (`spec.host_config`) and of
//! [`ContainerConfig`] (`spec.config`).
//!
//! | flag | setter or field |
//! |---|---|
//! | `--add-host` | [`extra_host`](ContainerSpec::extra_host) |
//! | `--annotation` | [`annotation`](ContainerSpec::annotation) (API 1.43 or later) |
//! | `--attach`, `-a` | [`Container::attach`] with [`stdin`](container::Attach::stdin), [`stdout`](container::Attach::stdout), [`stderr`](container::Attach::stderr) |
//! | `--blkio-weight`, `--blkio-weight-device` | [`blkio_weight`](ContainerSpec::blkio_weight), [`blkio_weight_device`](ContainerSpec::blkio_weight_device) |
//! | `--cap-add`, `--cap-drop` | [`cap_add`](ContainerSpec::cap_add), [`cap_drop`](ContainerSpec::cap_drop) |
//! | `--cgroup-parent`, `--cgroupns` | [`cgroup_parent`](ContainerSpec::cgroup_parent), [`cgroupns_mode`](ContainerSpec::cgroupns_mode) |
//! | `--cidfile` | not offered: write [`Container::id`] yourself |
//! | `--cpu-count`, `--cpu-percent` | [`cpu_count`](HostConfig::cpu_count), [`cpu_percent`](HostConfig::cpu_percent) (Windows) |
//! | `--cpu-period`, `--cpu-quota` | [`cpu_period`](ContainerSpec::cpu_period), [`cpu_quota`](ContainerSpec::cpu_quota) |
//! | `--cpu-rt-period`, `--cpu-rt-runtime` | [`cpu_realtime_period`](HostConfig::cpu_realtime_period), [`cpu_realtime_runtime`](HostConfig::cpu_realtime_runtime) |
//! | `--cpu-shares`, `-c` | [`cpu_shares`](ContainerSpec::cpu_shares) |
//! | `--cpus` | [`cpus`](ContainerSpec::cpus) |
//! | `--cpuset-cpus`, `--cpuset-mems` | [`cpuset_cpus`](ContainerSpec::cpuset_cpus), [`cpuset_mems`](ContainerSpec::cpuset_mems) |
//! | `--detach`, `-d` | [`Run::start`], or [`Container::start`] without reading the output |
//! | `--detach-keys` | [`detach_keys`](container::Attach::detach_keys) |
//! | `--device` | [`device`](ContainerSpec::device) takes the text, also of a CDI device, or a [`DeviceMapping`](container::DeviceMapping) |
//! | `--device-cgroup-rule` | [`device_cgroup_rule`](ContainerSpec::device_cgroup_rule) |
//! | `--device-read-bps`, `--device-write-bps` | [`device_read_bps`](ContainerSpec::device_read_bps), [`device_write_bps`](ContainerSpec::device_write_bps) |
//! | `--device-read-iops`, `--device-write-iops` | [`device_read_iops`](ContainerSpec::device_read_iops), [`device_write_iops`](ContainerSpec::device_write_iops) |
//! | `--disable-content-trust` | not offered: the CLI ignores it too |
//! | `--dns` | [`dns`](ContainerSpec::dns) |
//! | `--dns-option`, `--dns-opt`, `--dns-search` | [`dns_option`](ContainerSpec::dns_option), [`dns_search`](ContainerSpec::dns_search) |
//! | `--domainname` | [`domainname`](ContainerSpec::domainname) |
//! | `--entrypoint` | [`entrypoint`](ContainerSpec::entrypoint): a list; the CLI takes one word |
//! | `--env`, `-e` | [`env`](ContainerSpec::env), [`envs`](ContainerSpec::envs); `--env` as text: [`env_text`](ContainerSpec::env_text) |
//! | `--env-file` | [`env_file`](ContainerSpec::env_file) |
//! | `--expose` | [`expose`](ContainerSpec::expose): a port or a range, as text or in numbers |
//! | `--gpus` | [`gpus`](ContainerSpec::gpus) takes the text, or a number |
//! | `--group-add` | [`group_add`](ContainerSpec::group_add) |
//! | `--health-cmd` | [`health`](ContainerSpec::health) with [`Healthcheck::shell`] or [`Healthcheck::exec`] |
//! | `--health-interval`, `--health-timeout`, `--health-retries` | [`interval`](Healthcheck::interval), [`timeout`](Healthcheck::timeout), [`retries`](Healthcheck::retries) |
//! | `--health-start-period`, `--health-start-interval` | [`start_period`](Healthcheck::start_period), [`start_interval`](Healthcheck::start_interval) (the interval: API 1.44 or later) |
//! | `--hostname`, `-h` | [`hostname`](ContainerSpec::hostname) |
//! | `--init` | [`init`](ContainerSpec::init) |
//! | `--interactive`, `-i` | [`open_stdin`](ContainerSpec::open_stdin), [`stdin_once`](ContainerSpec::stdin_once); then [`Container::attach`] |
//! | `--io-maxbandwidth`, `--io-maxiops` | [`io_maximum_bandwidth`](HostConfig::io_maximum_bandwidth), [`io_maximum_iops`](HostConfig::io_maximum_iops) (Windows) |
//! | `--ip`, `--ip6` | [`network_with`](ContainerSpec::network_with) with [`EndpointSettings::ipv4`], [`EndpointSettings::ipv6`] |
//! | `--ipc` | [`ipc_mode`](ContainerSpec::ipc_mode) |
//! | `--isolation` | [`isolation`](HostConfig::isolation) (Windows) |
//! | `--kernel-memory` | [`kernel_memory`](HostConfig::kernel_memory): removed in API 1.42 |
//! | `--label`, `-l` | [`label`](ContainerSpec::label), [`labels`](ContainerSpec::labels) |
//! | `--label-file` | [`label_file`](ContainerSpec::label_file) |
//! | `--link` | [`network_with`](ContainerSpec::network_with) with [`EndpointSettings::link`]; on the default network [`links`](HostConfig::links) |
//! | `--link-local-ip` | [`network_with`](ContainerSpec::network_with) with [`EndpointSettings::link_local_ip`] |
//! | `--log-driver`, `--log-opt` | [`log_driver`](ContainerSpec::log_driver), [`log`](ContainerSpec::log) with [`LogConfig::option`] |
//! | `--mac-address` | [`EndpointSettings::mac_address`] (API 1.44 or later); before: [`mac_address`](ContainerConfig::mac_address) |
//! | `--memory`, `-m` | [`memory`](ContainerSpec::memory): a number of bytes, or a text such as `"512m"` |
//! | `--memory-reservation`, `--memory-swappiness` | [`memory_reservation`](ContainerSpec::memory_reservation), [`memory_swappiness`](ContainerSpec::memory_swappiness) |
//! | `--memory-swap` | [`memory_swap`](ContainerSpec::memory_swap) |
//! | `--mount` | [`mount`](ContainerSpec::mount) takes the text, or a [`Mount`](container::Mount); see [below](#mounts) |
//! | `--name` | [`name`](Run::name), [`Create::name`](container::Create::name) |
//! | `--network`, `--net` | [`network`](ContainerSpec::network) (several: API 1.44 or later, or a [`Run`]); with addresses, options or a priority [`network_with`](ContainerSpec::network_with) |
//! | `--network-alias`, `--net-alias` | [`network_alias`](ContainerSpec::network_alias) |
//! | `--no-healthcheck` | [`health`](ContainerSpec::health) with [`Healthcheck::none`] |
//! | `--oom-kill-disable`, `--oom-score-adj` | [`oom_kill_disable`](ContainerSpec::oom_kill_disable), [`oom_score_adj`](ContainerSpec::oom_score_adj) |
//! | `--pid` | [`pid_mode`](ContainerSpec::pid_mode) |
//! | `--pids-limit` | [`pids_limit`](ContainerSpec::pids_limit) |
//! | `--platform` | [`platform`](Run::platform), [`Create::platform`](container::Create::platform) |
//! | `--privileged` | [`privileged`](ContainerSpec::privileged) |
//! | `--publish`, `-p` | [`ports`](ContainerSpec::ports) takes the text; in numbers [`publish`](ContainerSpec::publish), [`publish_on`](ContainerSpec::publish_on) |
//! | `--publish-all`, `-P` | [`publish_all_ports`](ContainerSpec::publish_all_ports) |
//! | `--pull` | [`Run::pull`] with a [`PullPolicy`](crate::deploy::PullPolicy) |
//! | `--quiet`, `-q` | not offered: nothing is printed |
//! | `--read-only` | [`read_only`](ContainerSpec::read_only) |
//! | `--restart` | [`restart`](ContainerSpec::restart) takes the text, or a [`RestartPolicy`](container::RestartPolicy) |
//! | `--rm` | [`auto_remove`](ContainerSpec::auto_remove); [`Run::to_completion`] removes without it |
//! | `--runtime` | [`runtime`](ContainerSpec::runtime) |
//! | `--security-opt` | [`security_opt`](ContainerSpec::security_opt): reads a seccomp profile from its path, as the CLI does |
//! | `--shm-size` | [`shm_size`](ContainerSpec::shm_size) |
//! | `--sig-proxy` | not offered: the crate handles no signals. Send one with [`Container::kill`] |
//! | `--stop-signal`, `--stop-timeout` | [`stop_signal`](ContainerSpec::stop_signal), [`stop_timeout`](ContainerSpec::stop_timeout) |
//! | `--storage-opt` | [`storage_opt`](ContainerSpec::storage_opt) |
//! | `--sysctl` | [`sysctl`](ContainerSpec::sysctl) |
//! | `--tmpfs` | [`tmpfs`](ContainerSpec::tmpfs) takes the text |
//! | `--tty`, `-t` | [`tty`](ContainerSpec::tty) |
//! | `--ulimit` | [`ulimit`](ContainerSpec::ulimit) takes the text, or a [`Ulimit`](container::Ulimit) |
//! | `--use-api-socket` | not offered: [`bind`](ContainerSpec::bind) the socket |
//! | `--user`, `-u` | [`user`](ContainerSpec::user) |
//! | `--userns`, `--uts` | [`userns_mode`](ContainerSpec::userns_mode), [`uts_mode`](ContainerSpec::uts_mode) |
//! | `--volume`, `-v` | [`mount`](ContainerSpec::mount) takes the text; [`bind`](ContainerSpec::bind), [`volume`](ContainerSpec::volume) |
//! | `--volume-driver`, `--volumes-from` | [`mount`](ContainerSpec::mount) of `type=volume,…,volume-driver=…`, for each volume, as [`volume_driver`](HostConfig::volume_driver) is only for anonymous ones and binds; [`volumes_from`](ContainerSpec::volumes_from) |
//! | `--workdir`, `-w` | [`working_dir`](ContainerSpec::working_dir) |
//! | the command | [`cmd`](ContainerSpec::cmd) |
//!
//! ## Mounts
//! [`ContainerSpec::mount`] reads the value of `--volume`, `source:/target[:options]`, with the options `ro`, `rw`, `z`, `Z`,
//! `nocopy`, `cached`, `delegated`, `consistent` and a propagation. It reads the value of `--mount`, `type=…,source=…,target=…`,
//! with all of its fields and quotes. A path alone, such as `/data`, gets an anonymous volume. All else is an error before any
//! I/O.
//!
//! As with the CLI, a host path that begins with a dot is relative to the current directory, and `/src:/dst` creates a missing
//! directory. Such a text is one of [`HostConfig::binds`]. Services have no such texts: a [`Mount`](container::Mount) cannot say
//! `z` and `Z`. Unlike with the CLI, an unknown option is an error here, and not one of the engine.
//!
//! # `docker build`
//! The classic builder is the default. BuildKit builds if [`Build::builder`] says so, or if an option is set that only BuildKit has.
//! The build context is that of the CLI: the path of a folder (with the feature `tar`) or a URL. `docker build - <Dockerfile` is
//! [`BuildContext`]`::dockerfile`.
//!
//! | flag | setter of [`Build`] |
//! |---|---|
//! | `--add-host` | [`extra_host`](Build::extra_host) |
//! | `--annotation` | [`BuildOutput::attribute`] of `annotation.NAME` (containerd image store) |
//! | `--build-arg` | [`build_arg`](Build::build_arg), [`build_args`](Build::build_args); `--build-arg NAME` alone: [`build_arg_from_process`](Build::build_arg_from_process) |
//! | `--builder` | not offered: builds are the engine's own. [`Build::builder`] chooses between BuildKit and the classic builder |
//! | `--cache-from` | [`cache_from`](Build::cache_from): an image's name; `type=…` or another [`BuildCache`](crate::image::BuildCache) with the feature `buildkit` |
//! | `--call`, `--check`, `--print` | not offered: a build yields an image or files, and no report |
//! | `--file`, `-f` | [`dockerfile`](Build::dockerfile): a path in the context, where the CLI's is relative to the current directory |
//! | `--iidfile`, `--metadata-file` | not offered: see [`BuildResult::id`](crate::image::BuildResult::id), [`metadata`](crate::image::BuildResult::metadata) |
//! | `--label` | [`label`](Build::label), [`labels`](Build::labels) |
//! | `--load` | the default |
//! | `--network` | [`network`](Build::network) |
//! | `--no-cache` | [`no_cache`](Build::no_cache) |
//! | `--output`, `-o` | [`output`](Build::output), such as `type=local,dest=out` (several: API 1.45 or later) |
//! | `--platform` | [`platform`](Build::platform) |
//! | `--policy` | not offered: buildx itself evaluates policies |
//! | `--progress`, `--debug` | not offered: [`Build::stream`] yields the steps |
//! | `--pull` | [`pull`](Build::pull) |
//! | `--push` | [`output`](Build::output) of [`BuildOutput::registry`] (containerd image store); otherwise [`Image::push`] after the build |
//! | `--quiet`, `-q` | [`quiet`](Build::quiet) (classic builder); with BuildKit nothing is printed, and the ID is [`BuildResult::id`](crate::image::BuildResult::id) |
//! | `--resource` | not offered for BuildKit; the classic builder has setters: see below |
//! | `--shm-size`, `--ulimit` | [`shm_size`](Build::shm_size), [`ulimit`](Build::ulimit) (with BuildKit: API 1.42 or later) |
//! | `--tag`, `-t` | [`tag`](Build::tag) |
//! | `--target` | [`target`](Build::target) |
#![cfg_attr(
    feature = "buildkit",
    doc = "| `--allow` | [`allow`](Build::allow); a [`network`](Build::network) of `host` needs none |",
    doc = "| `--attest`, `--provenance`, `--sbom` | [`attestation`](Build::attestation) |",
    doc = "| `--build-context` | [`named_context`](Build::named_context) |",
    doc = "| `--cache-to` | [`cache_to`](Build::cache_to) |",
    doc = "| `--no-cache-filter` | [`no_cache_filter`](Build::no_cache_filter) |",
    doc = "| `--secret` | [`secret`](Build::secret) with a [`BuildSecret`](crate::image::BuildSecret) |",
    doc = "| `--ssh` | [`ssh`](Build::ssh) with a [`BuildSsh`](crate::image::BuildSsh) |"
)]
#![cfg_attr(
    not(feature = "buildkit"),
    doc = "| `--allow`, `--attest`, `--provenance`, `--sbom`, `--build-context`, `--cache-to`, `--no-cache-filter`, `--secret`, `--ssh` | with the feature `buildkit` |"
)]
//!
//! These are for the classic builder. With BuildKit, the build fails before any I/O.
//!
//! | flag | setter of [`Build`] |
//! |---|---|
//! | `--cgroup-parent` | [`cgroup_parent`](Build::cgroup_parent) |
//! | `--compress` | not offered: [`BuildContext::tar`] takes an archive that is compressed already |
//! | `--cpu-period`, `--cpu-quota`, `--cpu-shares`, `-c` | [`cpu_period`](Build::cpu_period), [`cpu_quota`](Build::cpu_quota), [`cpu_shares`](Build::cpu_shares) |
//! | `--cpuset-cpus`, `--cpuset-mems` | [`cpuset_cpus`](Build::cpuset_cpus), [`cpuset_mems`](Build::cpuset_mems) |
//! | `--disable-content-trust` | not offered: the CLI ignores it too |
//! | `--force-rm`, `--rm` | [`force_rm`](Build::force_rm), [`rm`](Build::rm) |
//! | `--isolation` | [`isolation`](Build::isolation) (Windows) |
//! | `--memory`, `-m`, `--memory-swap` | [`memory`](Build::memory), [`memory_swap`](Build::memory_swap): a number of bytes, or a text such as `"512m"` |
//! | `--security-opt` | [`security_opt`](Build::security_opt) (Windows) |
//! | `--squash` | [`squash`](Build::squash) |
//!
//! # `docker service create`
//! ```no_run
//! use longshore::service::{ServiceSpec, UpdateConfig, UpdateOrder};
//!
//! # async fn example(docker: longshore::Docker) -> longshore::Result<()> {
//! // docker service create --name web --replicas 3 --limit-memory 64m --read-only --update-order start-first nginx:1.27
//! let spec = ServiceSpec::new("web", "nginx:1.27")
//!     .replicas(3)
//!     .memory("64m")
//!     .read_only(true)
//!     .update_config(UpdateConfig::new().order(UpdateOrder::StartFirst));
//! let web = docker.services().create(spec).await?;
//! web.converge().await?; // the CLI waits too, without `--detach`
//! # Ok(()) }
//! ```
//!
//! The setters are those of [`ServiceSpec`]. What has no flag is a field of [`ServiceSpec`], or of [`TaskContainerSpec`], which
//! [`ServiceSpec::container`] gives.
//!
//! | flag | setter |
//! |---|---|
//! | `--cap-add`, `--cap-drop` | [`cap_add`](ServiceSpec::cap_add), [`cap_drop`](ServiceSpec::cap_drop) |
//! | `--config` | [`config`](ServiceSpec::config) with [`Config::reference`](crate::config::Config::reference) |
//! | `--constraint` | [`constraint`](ServiceSpec::constraint) |
//! | `--container-label` | [`container_label`](ServiceSpec::container_label), [`container_labels`](ServiceSpec::container_labels) |
//! | `--credential-spec` | [`credential_spec`](ServiceSpec::credential_spec) (Windows): of a config its ID, and not its name |
//! | `--detach`, `-d` | the default; [`Service::converge`] waits |
//! | `--dns`, `--dns-option`, `--dns-search` | [`dns`](ServiceSpec::dns), [`dns_option`](ServiceSpec::dns_option), [`dns_search`](ServiceSpec::dns_search) |
//! | `--endpoint-mode` | [`endpoint_mode`](ServiceSpec::endpoint_mode) |
//! | `--entrypoint` | [`command`](ServiceSpec::command) |
//! | `--env`, `-e` | [`env`](ServiceSpec::env), [`envs`](ServiceSpec::envs); `--env` as text: [`env_text`](ServiceSpec::env_text) |
//! | `--env-file` | [`env_file`](ServiceSpec::env_file) |
//! | `--generic-resource` | [`generic_resource`](ServiceSpec::generic_resource) |
//! | `--group` | [`group_add`](ServiceSpec::group_add) |
//! | `--health-cmd` and its like, `--no-healthcheck` | [`health`](ServiceSpec::health) |
//! | `--host` | [`extra_host`](ServiceSpec::extra_host) |
//! | `--hostname` | [`hostname`](ServiceSpec::hostname) |
//! | `--init` | [`init`](ServiceSpec::init) |
//! | `--isolation` | [`isolation`](ServiceSpec::isolation) (Windows) |
//! | `--label`, `-l` | [`label`](ServiceSpec::label), [`labels`](ServiceSpec::labels) |
//! | `--limit-cpu`, `--limit-memory` | [`cpus`](ServiceSpec::cpus), [`memory`](ServiceSpec::memory): a number of bytes, or a text such as `"512m"` |
//! | `--limit-pids` | [`pids_limit`](ServiceSpec::pids_limit) |
//! | `--log-driver`, `--log-opt` | [`log_driver`](ServiceSpec::log_driver), [`log`](ServiceSpec::log) with [`TaskLogDriver::option`] |
//! | `--max-concurrent` | the second argument of [`job`](ServiceSpec::job) |
//! | `--memory-swap`, `--memory-swappiness` | [`memory_swap`](ServiceSpec::memory_swap), [`memory_swappiness`](ServiceSpec::memory_swappiness) (API 1.52 or later) |
//! | `--mode` | [`replicas`](ServiceSpec::replicas), [`global`](ServiceSpec::global), [`job`](ServiceSpec::job), [`global_job`](ServiceSpec::global_job) |
//! | `--mount` | [`mount`](ServiceSpec::mount) takes the text, or a [`Mount`](container::Mount); [`volume`](ServiceSpec::volume) |
//! | `--name` | the first argument of [`new`](ServiceSpec::new) |
//! | `--network` | [`network`](ServiceSpec::network); with an alias or options [`NetworkAttachmentConfig::new`](task::NetworkAttachmentConfig::new) |
//! | `--no-resolve-image` | [`Create::resolve_image`](service::Create::resolve_image)`(false)` |
//! | `--oom-score-adj` | [`oom_score_adj`](ServiceSpec::oom_score_adj) (API 1.46 or later) |
//! | `--placement-pref` | [`spread_over`](ServiceSpec::spread_over) |
//! | `--publish`, `-p` | [`ports`](ServiceSpec::ports) takes the text; in numbers [`publish`](ServiceSpec::publish), [`publish_host_mode`](ServiceSpec::publish_host_mode) |
//! | `--quiet`, `-q` | not offered: nothing is printed |
//! | `--read-only` | [`read_only`](ServiceSpec::read_only) |
//! | `--replicas`, `--replicas-max-per-node` | [`replicas`](ServiceSpec::replicas), [`max_replicas_per_node`](ServiceSpec::max_replicas_per_node) |
//! | `--reserve-cpu`, `--reserve-memory` | [`reserve_cpus`](ServiceSpec::reserve_cpus), [`reserve_memory`](ServiceSpec::reserve_memory) |
//! | `--restart-condition`, `--restart-delay`, `--restart-max-attempts`, `--restart-window` | [`restart`](ServiceSpec::restart) with [`none`](TaskRestartPolicy::none), [`on_failure`](TaskRestartPolicy::on_failure) or [`any`](TaskRestartPolicy::any), and [`delay`](TaskRestartPolicy::delay()), [`max_attempts`](TaskRestartPolicy::max_attempts()), [`window`](TaskRestartPolicy::window()) |
//! | `--rollback-delay`, `--rollback-failure-action`, `--rollback-max-failure-ratio`, `--rollback-monitor`, `--rollback-order`, `--rollback-parallelism` | [`rollback_config`](ServiceSpec::rollback_config) with an [`UpdateConfig`](service::UpdateConfig) |
//! | `--secret` | [`secret`](ServiceSpec::secret) with [`SwarmSecret::reference`](crate::secret::SwarmSecret::reference) |
//! | `--stop-grace-period` | [`stop_grace_period`](ServiceSpec::stop_grace_period) |
//! | `--stop-signal` | [`stop_signal`](ServiceSpec::stop_signal) |
//! | `--sysctl` | [`sysctl`](ServiceSpec::sysctl) |
//! | `--tty`, `-t` | [`tty`](ServiceSpec::tty) |
//! | `--ulimit` | [`ulimit`](ServiceSpec::ulimit) |
//! | `--update-delay`, `--update-failure-action`, `--update-max-failure-ratio`, `--update-monitor`, `--update-order`, `--update-parallelism` | [`update_config`](ServiceSpec::update_config) with [`delay`](service::UpdateConfig::delay()), [`failure_action`](service::UpdateConfig::failure_action()), [`max_failure_ratio`](service::UpdateConfig::max_failure_ratio()), [`monitor`](service::UpdateConfig::monitor()), [`order`](service::UpdateConfig::order()), [`parallelism`](service::UpdateConfig::parallelism()) |
//! | `--user`, `-u` | [`user`](ServiceSpec::user) |
//! | `--with-registry-auth` | [`Create::registry_auth`](service::Create::registry_auth) |
//! | `--workdir`, `-w` | [`working_dir`](ServiceSpec::working_dir) |
//! | the arguments | [`args`](ServiceSpec::args) |
//!
//! `docker service update` is [`Service::update`]: a function changes the spec that the service has. `--force` is
//! [`ServiceSpec::force_update`], `--rollback` is [`Service::rollback`], `--with-registry-auth` is
//! [`Update::registry_auth`](service::Update::registry_auth).
//!
//! # `docker update`
//! [`Container::update`] takes an [`UpdateSpec`](container::UpdateSpec). Its setters:
//!
//! | flag | setter |
//! |---|---|
//! | `--blkio-weight` | [`blkio_weight`](container::UpdateSpec::blkio_weight()) |
//! | `--cpu-period`, `--cpu-quota` | [`cpu_period`](container::UpdateSpec::cpu_period()), [`cpu_quota`](container::UpdateSpec::cpu_quota()) |
//! | `--cpu-rt-period`, `--cpu-rt-runtime` | [`cpu_realtime_period`](container::UpdateSpec::cpu_realtime_period()), [`cpu_realtime_runtime`](container::UpdateSpec::cpu_realtime_runtime()) |
//! | `--cpu-shares`, `-c` | [`cpu_shares`](container::UpdateSpec::cpu_shares()) |
//! | `--cpus` | [`cpus`](container::UpdateSpec::cpus) |
//! | `--cpuset-cpus`, `--cpuset-mems` | [`cpuset_cpus`](container::UpdateSpec::cpuset_cpus()), [`cpuset_mems`](container::UpdateSpec::cpuset_mems()) |
//! | `--kernel-memory` | not offered: the CLI ignores it too |
//! | `--memory`, `-m`, `--memory-reservation`, `--memory-swap` | [`memory`](container::UpdateSpec::memory()), [`memory_reservation`](container::UpdateSpec::memory_reservation()), [`memory_swap`](container::UpdateSpec::memory_swap()) |
//! | `--pids-limit` | [`pids_limit`](container::UpdateSpec::pids_limit()) |
//! | `--restart` | [`restart`](container::UpdateSpec::restart) |
//!
//! # Containers
//! | command | call |
//! |---|---|
//! | `docker create`, `docker start`, `docker stop`, `docker restart` | [`Containers::create`], [`Container::start`], [`Container::stop`], [`Container::restart`] |
//! | `docker kill`, `docker pause`, `docker unpause`, `docker wait` | [`Container::kill`], [`Container::pause`], [`Container::unpause`], [`Container::wait`] |
//! | `docker ps`, `docker inspect`, `docker top`, `docker stats` | [`Containers::list`], [`Container::inspect`], [`Container::top`], [`Container::stats`] |
//! | `docker logs`, `docker attach`, `docker exec` | [`Container::logs`] (in memory: [`output`](container::Logs::output)), [`Container::attach`], [`Container::exec`] |
//! | `docker logs --since 10m`, `docker container prune --filter until=24h` | [`since`](container::Logs::since), [`until`](container::Prune::until): all times are also texts, see [`Moment`](crate::Moment) |
//! | `docker exec -i CONTAINER COMMAND < FILE` | [`exec::Create::output_with_input`](crate::exec::Create::output_with_input) |
//! | `docker exec --env`, `--env-file` | [`env`](crate::exec::Create::env), [`env_text`](crate::exec::Create::env_text), [`env_file`](crate::exec::Create::env_file) |
//! | `docker port`, `docker diff`, `docker rename` | [`Container::mapped_port`], [`Container::changes`], [`Container::rename`] |
//! | `docker update`, `docker rm`, `docker container prune` | [`Container::update`], [`Container::remove`], [`Containers::prune`] |
//! | `docker export`, `docker commit` | [`Container::export`], [`Container::commit`] |
#![cfg_attr(
    feature = "tar",
    doc = "| `docker cp` | [`Container::copy_to`], [`Container::copy_from`], [`Container::read_file`] |"
)]
#![cfg_attr(
    not(feature = "tar"),
    doc = "| `docker cp` | `Container::copy_to` and `copy_from`, with the feature `tar` |"
)]
//! | `docker cp -` (an archive) | [`Container::put_archive`], [`Container::get_archive`] |
//!
//! # Images
//! | command | call |
//! |---|---|
//! | `docker pull`, `docker push`, `docker tag`, `docker rmi` | [`Images::pull`], [`Image::push`], [`Image::tag`], [`Image::remove`] |
//! | `docker build`, `docker builder prune` | [`Images::build`], [`Images::prune_build_cache`] |
//! | `docker save`, `docker load`, `docker import` | [`Image::save`] or [`Images::save`], [`Images::load`], [`Images::import`] |
//! | `docker images`, `docker image inspect`, `docker history` | [`Images::list`], [`Image::inspect`], [`Image::history`] |
//! | `docker search`, `docker image prune` | [`Images::search`], [`Images::prune`] |
//! | `docker manifest` | not offered; [`Image::distribution`] asks a registry for the digest and platforms |
//!
//! # Networks and volumes
//! | command | call |
//! |---|---|
//! | `docker network create`, `ls`, `prune` | [`Networks::create`], [`Networks::list`], [`Networks::prune`] |
//! | `docker network connect`, `disconnect`, `inspect`, `rm` | [`Network::connect`], [`Network::disconnect`], [`Network::inspect`], [`Network::remove`] |
//! | `docker volume create`, `ls`, `prune` | [`Volumes::create`], [`Volumes::list`], [`Volumes::prune`] |
//! | `docker volume inspect`, `rm`, `update` | [`Volume::inspect`], [`Volume::remove`], [`Volume::update`] |
//!
//! # The engine
//! | command | call |
//! |---|---|
//! | `docker info`, `docker version`, `docker events` | [`Docker::info`], [`Docker::version`], [`Docker::events`] |
//! | `docker system df`, `docker system prune` | [`Docker::disk_usage`]; the `prune` of each kind |
//! | `docker login`, `docker logout` | [`Docker::login`] with [`store`](crate::system::Login::store), [`Docker::logout`] |
//! | `docker context use`, `--context`, `--host` | [`Docker::from_env`] follows the first; [`Docker::context`], [`Docker::connect`] |
//! | `docker checkpoint` | not typed: [`Docker::raw`] |
//! | `docker plugin` | [`Docker::plugins`], [`Docker::plugin`] |
//!
//! # Swarms
//! | command | call |
//! |---|---|
//! | `docker swarm init`, `join`, `leave`, `update` | [`Swarm::init`], [`Swarm::join`], [`Swarm::leave`], [`Swarm::update`] |
//! | `docker swarm join-token`, `unlock`, `unlock-key` | [`Swarm::inspect`], [`Swarm::unlock`], [`Swarm::unlock_key`] |
//! | `docker service ls`, `inspect`, `ps` | [`Services::list`], [`Service::inspect`], [`Tasks::list`](task::Tasks::list) |
//! | `docker service scale`, `logs`, `rm` | [`Service::update`] with [`ServiceSpec::replicas`], [`Service::logs`], [`Service::remove`] |
//! | `docker node` | [`Docker::nodes`], [`Docker::node`] |
//! | `docker secret`, `docker config` | [`Docker::secrets`] and [`Docker::secret`], [`Docker::configs`] and [`Docker::config`] |
//! | `docker compose up`, `docker stack deploy` | [`Project`](crate::deploy::Project): see [`deploying`](super::deploying) |
//!
//! # What differs
//! - A time without a time zone is an error. The CLI takes `--since 2026-08-01` in the local time zone.
//! - A call does nothing until it is awaited. A setter that cannot parse its argument makes the call fail before any I/O.
//! - Nothing is printed, and no signal is handled. `ssh` does not prompt on the terminal: see
//!   [`Builder::ssh_program`](crate::Builder::ssh_program).
//! - [`Images::pull`] of a name without a tag pulls `latest`, as the CLI does. The Engine API itself would pull all tags.
//! - [`ContainerSpec::bind`] requires the host's path to exist, as `--mount` does. [`ContainerSpec::mount`] with `/src:/dst` creates it, as
//!   `--volume` does.
//! - An exit code is a value, not an error. An error inside a stream is an `Err`: see [`errors`](super::errors).
//! - Calls have timeouts: see [`timeouts`](super::timeouts).
//! - Credentials are found where the CLI finds them: see [`credentials`](super::credentials).
//! - `proxies` of `config.json` are not applied: set the variables with [`ContainerSpec::env`] and
//!   [`Build::build_arg`](crate::image::Build::build_arg). `HTTP_PROXY` and `HTTPS_PROXY` do not concern the connection to the engine.

#[allow(unused_imports, reason = "the links of this page")]
#[cfg(feature = "deploy")]
use crate::deploy::Run;
#[allow(unused_imports, reason = "the links of this page")]
use crate::{
    Docker,
    container::{self, Container, ContainerConfig, ContainerSpec, Containers, Healthcheck, HostConfig, LogConfig},
    image::{Build, BuildContext, BuildOutput, Image, Images},
    network::{EndpointIpamConfig, EndpointSettings, Network, Networks},
    service::{self, Service, ServiceSpec, Services},
    swarm::Swarm,
    system::TaskLogDriver,
    task::{self, TaskContainerSpec, TaskRestartPolicy},
    volume::{Volume, Volumes},
};
