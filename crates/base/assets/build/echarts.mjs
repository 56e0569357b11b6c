// The chart types that Guandu draws, and nothing else: no pie, no gauge, no map (ui/DESIGN.md §2).
import * as core from 'echarts/core';
import { BarChart, LineChart, ScatterChart, CustomChart, HeatmapChart } from 'echarts/charts';
import { AriaComponent, DataZoomInsideComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapPiecewiseComponent } from 'echarts/components';
import { SVGRenderer } from 'echarts/renderers';
core.use([BarChart, LineChart, ScatterChart, CustomChart, HeatmapChart, AriaComponent, DataZoomInsideComponent, GridComponent, MarkAreaComponent, MarkLineComponent, TooltipComponent, VisualMapPiecewiseComponent, SVGRenderer]);
export const init = core.init;
export const version = core.version;
