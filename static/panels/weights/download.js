/** Downloads of the pair, each followed by the proof of what it holds. */

/** @import {Session} from "../../api/session.js" */
/** @import {ExportKind, Proof} from "../../api/weights.js" */

import { fetchFile, save } from '../../api/downloads.js';
import { WeightsApi } from '../../api/weights.js';
import { weights as t } from '../../messages/weights.js';

/**
 * Starts the download and, where it holds weights, says whether every blob is what it should be. What Caffe could not
 * read for its size is not downloaded: HDF5 is offered.
 * @param {Session} session @param {ExportKind} kind
 */
export async function download(session, kind) {
  const { info } = session;
  if (!info) return;
  const api = new WeightsApi(session.client, info.id);
  if (kind === 'prototxt' || !hasWeights(info)) return save(api.exportUrl(kind), '');
  const answer = await session.attempt(() => api.read());
  if (!answer) return;
  if (answer.export.too_large && kind !== 'hdf5') {
    const action = { label: t.asHdf5, run: () => void download(session, 'hdf5') };
    session.notices.add({ kind: 'error', title: t.tooLarge, detail: t.tooLargeDetail, action });
    return;
  }
  const clash = answer.layers.find((row) => row.fate.endsWith('clash'));
  if (clash) {
    session.notices.add({ kind: 'error', title: t.clashes(clash.layer), detail: clash.message });
    return;
  }
  if (!(await fetchFile(session, api.exportUrl(kind), t.exported[kind](info.name)))) return;
  await proveExport(session, kind === 'hdf5' ? 'hdf5' : 'caffemodel');
}

/** What was proved last, by session; it holds for its revision only. @type {WeakMap<Session, {id: string, proof: Proof}>} */
const proofs = new WeakMap();

/** The proof of the document as it is now, null where none was asked for. @param {Session} session */
export function proofOf(session) {
  const kept = proofs.get(session);
  return kept && kept.id === session.info?.id && kept.proof.revision === session.info.revision ? kept.proof : null;
}

/** @param {Session} session @param {"caffemodel" | "hdf5"} format */
export async function proveExport(session, format = 'caffemodel') {
  const { info } = session;
  if (!info) return null;
  const proof = await session.attempt(() => new WeightsApi(session.client, info.id).proof(format));
  if (!proof) return null;
  proofs.set(session, { id: info.id, proof });
  session.changed();
  const action = { label: t.showProof, run: () => void session.dispatchEvent(new Event('show-weights')) };
  const count = (/** @type {string} */ finding) => proof.rows.filter((row) => row.finding === finding).length;
  session.notices.add(
    proof.ok
      ? {
          kind: 'ok',
          title: t.proved(proof.equal, proof.copied),
          detail: t.proofOf(count('shared'), count('filler')) || undefined,
          action,
        }
      : { kind: 'error', title: t.failed, detail: proof.summary, action },
  );
  return proof;
}

/** @param {import("../../api/types.js").DocumentInfo} info */
export function hasWeights(info) {
  return info.weights !== null || info.weight_sources.length > 0;
}
