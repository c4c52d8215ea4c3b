/** The width of ASCII text in columns; the bundle's stand-in for the package of this name. */
export default (/** @type {string} */ text) => text.length;
