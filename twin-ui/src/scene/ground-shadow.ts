import {
  type BufferGeometry,
  EqualStencilFunc,
  IncrementWrapStencilOp,
  InstancedMesh,
  Mesh,
  MeshBasicMaterial,
  Vector3,
} from "three";
import { mixed } from "./daylight.ts";
import type { Lighting, ShadowLook } from "./layer.ts";
import type { Palette } from "./palette.ts";

/** Height at which shadows lie: over the paint on the ground, under everything else. */
const SHADOW_Z_M = 0.045;
const SHADOW_ORDER = 1;

/**
 * Shadows on flat ground, without a shadow map: each thing is drawn once more, flattened along the sun's rays.
 * The built ground of a site is a plane, so this is exact there, sharp at any size of site, and costs no texture look-up;
 * the stencil makes overlapping shadows no darker than one. (After Blinn, "Me and My (Fake) Shadow", 1988.)
 * All shadows of a palette look the same.
 */
export function groundShadowLook(palette: Palette): GroundShadow {
  const slide = new Vector3();
  // Were it one material, it would need another program at each change from the one kind of mesh to the other, in each frame.
  const look = { plain: flattened(palette, slide), instanced: flattened(palette, slide) };
  return {
    look,
    light({ mix: { from, to, part }, sunFrom: { x, y, z } }) {
      slide.set(-x / z, -y / z, 0);
      look.plain.opacity = mixed(from.shadowStrength, to.shadowStrength, part);
      look.instanced.opacity = look.plain.opacity;
    },
    dispose() {
      look.plain.dispose();
      look.instanced.dispose();
    },
  };
}

function flattened(palette: Palette, slide: Vector3): MeshBasicMaterial {
  const material = new MeshBasicMaterial({
    color: palette.shadow,
    transparent: true,
    depthWrite: false,
    stencilWrite: true,
    stencilRef: 0,
    stencilFunc: EqualStencilFunc,
    stencilZPass: IncrementWrapStencilOp,
  });
  material.onBeforeCompile = (shader) => {
    shader.uniforms.shadowSlide = { value: slide };
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", "#include <common>\nuniform vec3 shadowSlide;")
      .replace(
        "#include <project_vertex>",
        `vec4 mvPosition = vec4(transformed, 1.0);
      #ifdef USE_INSTANCING
        mvPosition = instanceMatrix * mvPosition;
      #endif
      mvPosition = modelMatrix * mvPosition;
      mvPosition.xyz += shadowSlide * max(mvPosition.z, 0.0);
      mvPosition.z = ${SHADOW_Z_M};
      mvPosition = viewMatrix * mvPosition;
      gl_Position = projectionMatrix * mvPosition;`,
      );
  };
  return material;
}

/** What all shadows of a palette are drawn with, and what has to be told when the light is another. */
export interface GroundShadow {
  readonly look: ShadowLook;
  light(lighting: Lighting): void;
  dispose(): void;
}

/** The shadow of a mesh: its geometry, or a simpler one in its place; for instances, the same matrices. */
export function groundShadowOf(mesh: Mesh, look: ShadowLook, simpler: BufferGeometry = mesh.geometry): Mesh {
  const shadow =
    mesh instanceof InstancedMesh
      ? new InstancedMesh(simpler, look.instanced, 0)
      : new Mesh(simpler, look.plain);
  if (shadow instanceof InstancedMesh && mesh instanceof InstancedMesh) {
    shadow.instanceMatrix = mesh.instanceMatrix;
    shadow.count = mesh.count;
  }
  shadow.frustumCulled = false;
  shadow.matrixAutoUpdate = false;
  shadow.renderOrder = SHADOW_ORDER;
  return shadow;
}
