/**
 * Tests of the build's results for operators: the images and the manifest. They use the files made by {@code package},
 * so they run after it and fail if a file is missing. No container engine is needed: the image's entry point runs on
 * this machine, under the conditions of the image. Start with {@code DockerfileJvmIT}.
 */
package dev.herald.packaging;
