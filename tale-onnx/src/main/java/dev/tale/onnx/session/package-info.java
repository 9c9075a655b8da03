/**
 * Runs models: token requests in, responses under many masks out.
 *
 * <p>{@link dev.tale.onnx.session.SessionPlan} is a session before its weights are loaded, {@link
 * dev.tale.onnx.session.GatedSession} the loaded one, which runs any subset of layers and enters
 * and leaves at any layer. {@link dev.tale.onnx.session.Responder} answers a decoder's requests,
 * {@link dev.tale.onnx.session.Comparer} an encoder's, {@code OutputComparison} verifies written
 * models.
 *
 * <p>Rooms below, each on those before: {@code runtime} owns the native objects, {@code batch} cuts
 * requests into batches, {@code walk} takes a batch through the tree of masks, {@code decode} goes
 * on from the prompt.
 */
package dev.tale.onnx.session;
