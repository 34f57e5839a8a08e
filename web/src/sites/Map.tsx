// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import { Paper } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { called, type Site } from "../parts/everything";
import { placeOf, scatter } from "./place";

const WIDTH = 640;
const HEIGHT = 280;
const EDGE = 48;
const WORDS_MAX = 24;

/* Sites by their coordinates; the list beside it says the same to who cannot see it. */
export function Map({ sites }: { sites: readonly Site[] }) {
    const { t } = useTranslation("sites");
    const placed = sites.flatMap((site) => {
        const place = placeOf(site.geo);
        return place ? [{ site, place }] : [];
    });

    if (placed.length < 2) return null;
    const points = scatter(
        placed.map(({ place }) => place),
        WIDTH,
        HEIGHT,
        EDGE,
    );
    return (
        <Paper withBorder>
            <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={t("map")} width="100%" style={{ display: "block", maxHeight: 260 }}>
                {placed.map(({ site }, i) => (
                    <g key={site.id}>
                        <circle cx={points[i]!.x} cy={points[i]!.y} r={6 + Math.min(10, Math.sqrt(site.printers))} fill="var(--mantine-color-ink-6)" fillOpacity={0.7} />
                        <text
                            x={points[i]!.x}
                            y={points[i]!.y - 20}
                            textAnchor="middle"
                            fontSize={13}
                            fill="var(--mantine-color-text)"
                            style={{ unicodeBidi: "isolate" }}
                        >
                            {called(site).slice(0, WORDS_MAX)}
                        </text>
                    </g>
                ))}
            </svg>
        </Paper>
    );
}
