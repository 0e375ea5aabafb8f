//! What the operating systems do differently.

use std::fs::{Metadata, Permissions};
use std::io;
use std::path::Path;

/// Swaps two folders in one step, so that `b` is never missing.
#[cfg(any(target_os = "linux", target_os = "macos"))]
pub(super) fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE)?)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Whether something is mounted at `folder`: then it cannot be renamed.
pub(super) fn is_mount_point(folder: &Path) -> bool {
    is_mount_root(folder) || is_on_another_device(folder)
}

/// Finds a bind mount of the same file system too, which [`is_on_another_device`] does not.
#[cfg(target_os = "linux")]
fn is_mount_root(folder: &Path) -> bool {
    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};
    statx(CWD, folder, AtFlags::empty(), StatxFlags::empty())
        .is_ok_and(|status| status.stx_attributes.contains(StatxAttributes::MOUNT_ROOT))
}

#[cfg(not(target_os = "linux"))]
fn is_mount_root(_: &Path) -> bool {
    false
}

#[cfg(unix)]
fn is_on_another_device(folder: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let device = |path: &Path| path.metadata().map(|status| status.dev()).ok();
    folder
        .parent()
        .is_some_and(|parent| device(parent) != device(folder))
}

#[cfg(not(unix))]
fn is_on_another_device(_: &Path) -> bool {
    false
}

/// Whether the two are one file under two names.
#[cfg(unix)]
pub(super) fn same_file(a: &Metadata, b: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (a.dev(), a.ino()) == (b.dev(), b.ino())
}

#[cfg(not(unix))]
pub(super) fn same_file(_: &Metadata, _: &Metadata) -> bool {
    false
}

/// The permissions of a folder with those that its owner needs to empty it.
#[cfg(unix)]
pub(super) fn writable(permissions: &Permissions) -> Permissions {
    use std::os::unix::fs::PermissionsExt;
    Permissions::from_mode(permissions.mode() | 0o700)
}

#[cfg(not(unix))]
pub(super) fn writable(permissions: &Permissions) -> Permissions {
    permissions.clone()
}

/// Makes a symbolic link at `to` that points where the one at `from` points.
#[cfg(unix)]
pub(super) fn copy_symlink(from: &Path, to: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(from.read_link()?, to)
}

#[cfg(not(unix))]
pub(super) fn copy_symlink(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
