// What an import of a carried file gives: the path it can be read from, also inside the compiled program.

declare module "*.ttf" {
  const path: string;
  export default path;
}

declare module "*.wasm" {
  const path: string;
  export default path;
}
