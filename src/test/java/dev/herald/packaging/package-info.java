/**
 * What a build hands to an operator: the images and the manifest. The tests here look at the files that {@code package}
 * has made, so they run after it, and they fail where a file is missing. No container engine is needed: the entry point
 * of the image is run on this machine, under the conditions of the image. Start with {@code DockerfileJvmIT}.
 */
package dev.herald.packaging;
