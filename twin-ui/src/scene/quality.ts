/** `?quality=full`: everything that is drawn is drawn finely, however long it takes. */
export const wantsFullQuality = (): boolean => new URL(location.href).searchParams.get("quality") === "full";

/**
 * Whether this browser draws without graphics hardware (SwiftShader, llvmpipe, Windows' basic driver). Smoothing of
 * edges is left out there: it costs such a renderer more than all the rest. `?quality=full` overrules.
 */
export function smoothsEdges(): boolean {
  if (wantsFullQuality()) return true;
  const gl = document.createElement("canvas").getContext("webgl2");
  if (gl === null) return false;
  const info = gl.getExtension("WEBGL_debug_renderer_info");
  const name: unknown = gl.getParameter(info === null ? gl.RENDERER : info.UNMASKED_RENDERER_WEBGL);
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return typeof name !== "string" || !/swiftshader|llvmpipe|softpipe|software|basic render/i.test(name);
}
