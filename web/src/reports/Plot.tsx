// SPDX-FileCopyrightText: The Imprimatur authors
// SPDX-License-Identifier: Apache-2.0

import "uplot/dist/uPlot.min.css";

import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import uPlot from "uplot";

import type { Schemas } from "../api/client";
import { ofRegion } from "../parts/time";

const HEIGHT = 240;
const HALF_DAY = 43_200;

/* Of a day, or of a month's first one. */
function secondsOf(day: string): number {
    return Date.parse(day.padEnd(10, "-01")) / 1000;
}

function colour(name: string): string {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function axis(grid: string, text: string): uPlot.Axis {
    return { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { show: false }, font: "12px sans-serif" };
}

/* Bars of pages, those with colour before them. Whoever cannot see it has the table below, which says the same. */
export default function Plot({ report }: { report: Schemas["PageReport"] }) {
    const { items, since, until } = report;
    const { t, i18n } = useTranslation("reports");
    const scheme = useComputedColorScheme();
    const place = useRef<HTMLDivElement>(null);

    useEffect(() => {
        const at = place.current;
        if (!at) return;
        const bars = uPlot.paths.bars!({ size: [0.8, 40] });
        const grey = colour("--mantine-color-gray-6");
        const blue = colour(scheme === "dark" ? "--mantine-color-blue-5" : "--mantine-color-blue-7");
        const text = colour("--mantine-color-text");
        const grid = colour("--mantine-color-default-border");
        const day = (seconds: number) => new Intl.DateTimeFormat(ofRegion(i18n.language), { dateStyle: "medium", timeZone: "UTC" }).format(new Date(seconds * 1000));
        const short = (seconds: number) => new Intl.DateTimeFormat(ofRegion(i18n.language), { day: "numeric", month: "numeric", timeZone: "UTC" }).format(new Date(seconds * 1000));
        const plot = new uPlot(
            {
                width: at.clientWidth,
                height: HEIGHT,
                tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
                cursor: { drag: { x: false, y: false } },
                scales: { x: { range: () => [Math.min(secondsOf(since), secondsOf(items[0]?.name ?? since)) - HALF_DAY, secondsOf(until) - HALF_DAY] }, y: { range: (_, __, most) => [0, Math.max(2, most * 1.1)] } },
                series: [
                    { label: t("day"), value: (_, seconds) => (seconds === null ? "" : day(seconds)) },
                    { label: t("pages"), fill: grey, stroke: grey, paths: bars, points: { show: false } },
                    { label: t("colour"), fill: blue, stroke: blue, paths: bars, points: { show: false } },
                ],
                axes: [{ ...axis(grid, text), values: (_, ticks) => ticks.map(short) }, { ...axis(grid, text), values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? tick.toLocaleString(i18n.language) : "")) }],
            },
            [
                items.map((item) => secondsOf(item.name ?? "")),
                items.map((item) => item.sums.pages),
                items.map((item) => item.sums.colour_pages),
            ],
            at,
        );
        const watcher = new ResizeObserver(() => plot.setSize({ width: at.clientWidth, height: HEIGHT }));
        watcher.observe(at);
        return () => {
            watcher.disconnect();
            plot.destroy();
        };
    }, [items, since, until, scheme, t, i18n.language]);

    return <div ref={place} role="img" aria-label={t("plot")} />;
}
