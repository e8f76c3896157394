/** The address after `#`: which client one is. A copied link opens the same one. */

export const here = () => new URLSearchParams(location.hash.slice(1)).get("who");

export const linkTo = (key) => `#who=${encodeURIComponent(key)}`;
