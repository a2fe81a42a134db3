<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
  <context>
    <name>AlphabetButton</name>
    <message>
      <source>Characters</source>
      <translation>字符</translation>
    </message>
    <message>
      <source>Characters to read besides the parts that are checked:</source>
      <translation>除勾选部分外还要识别的字符：</translation>
    </message>
    <message>
      <source>Digits</source>
      <translation>数字</translation>
    </message>
    <message>
      <source>Kana</source>
      <translation>假名</translation>
    </message>
    <message>
      <source>Letters</source>
      <translation>字母</translation>
    </message>
    <message>
      <source>Own characters</source>
      <translation>自选字符</translation>
    </message>
    <message>
      <source>Own characters…</source>
      <translation>自选字符…</translation>
    </message>
    <message>
      <source>Punctuation</source>
      <translation>标点</translation>
    </message>
    <message>
      <source>Simplified</source>
      <translation>简体</translation>
    </message>
    <message>
      <source>Traditional</source>
      <translation>繁体</translation>
    </message>
    <message>
      <source>What is read; everything, where nothing is checked</source>
      <translation>识别范围；全不勾选时识别全部</translation>
    </message>
  </context>
  <context>
    <name>CandidateButton</name>
    <message>
      <source>By its shape {alone}, with the text before {together}</source>
      <translation>单看字形 {alone}，结合前文 {together}</translation>
    </message>
    <message>
      <source>It often follows the text before.</source>
      <translation>常跟在前面的文字之后。</translation>
    </message>
    <message>
      <source>No candidate</source>
      <translation>无候选字</translation>
    </message>
    <message>
      <source>Simplified: {form}</source>
      <translation>简体：{form}</translation>
    </message>
    <message>
      <source>Strokes: {count}</source>
      <translation>笔画：{count}</translation>
    </message>
    <message>
      <source>Traditional: {form}</source>
      <translation>繁体：{form}</translation>
    </message>
    <message>
      <source>{character}, may follow</source>
      <translation>{character}，可能接着出现</translation>
    </message>
    <message>
      <source>{character}, probability {percent} %</source>
      <translation>{character}，概率 {percent}%</translation>
    </message>
  </context>
  <context>
    <name>Candidates</name>
    <message>
      <source>Likelier candidates</source>
      <translation>更可能的候选</translation>
    </message>
    <message>
      <source>More candidates</source>
      <translation>更多候选</translation>
    </message>
  </context>
  <context>
    <name>CharacterMenu</name>
    <message>
      <source>Add to my names and terms</source>
      <translation>加入我的名称和术语</translation>
    </message>
    <message>
      <source>Copy “{text}”</source>
      <translation>复制“{text}”</translation>
    </message>
    <message>
      <source>Look it up in the browser</source>
      <translation>在浏览器中查</translation>
    </message>
    <message>
      <source>Not this one</source>
      <translation>不是这个</translation>
    </message>
    <message>
      <source>What it means</source>
      <translation>字义</translation>
    </message>
  </context>
  <context>
    <name>Collecting</name>
    <message>
      <source>%v of %m, round {round} of {repeats}, {minutes} min left</source>
      <translation>%v / %m，第 {round} 轮，共 {repeats} 轮，还需 {minutes} 分钟</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>上一个字</translation>
    </message>
    <message>
      <source>Back to the samples</source>
      <translation>回到样本</translation>
    </message>
    <message>
      <source>Begin</source>
      <translation>开始</translation>
    </message>
    <message>
      <source>Characters</source>
      <translation>字符</translation>
    </message>
    <message>
      <source>Go on with the session that was left</source>
      <translation>继续上次未完成的采集</translation>
    </message>
    <message>
      <source>Handwriting pad</source>
      <translation>手写板</translation>
    </message>
    <message>
      <source>How often each</source>
      <translation>每个字写几次</translation>
    </message>
    <message>
      <source>It goes on by itself once the character is recognized; Enter keeps any writing.</source>
      <translation>认出所要的字后会自动继续；按回车则无论写成什么都保存。</translation>
    </message>
    <message>
      <source>Keep and go on</source>
      <translation>保存并继续</translation>
    </message>
    <message>
      <source>Leave for today</source>
      <translation>今天到此为止</translation>
    </message>
    <message>
      <source>My own list or text</source>
      <translation>我自己的字表或文字</translation>
    </message>
    <message>
      <source>Pass over</source>
      <translation>跳过</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>That may be it: Enter keeps it.</source>
      <translation>可能就是这个字：按回车保存。</translation>
    </message>
    <message>
      <source>The 100 characters that were misread most</source>
      <translation>最常认错的 100 个字</translation>
    </message>
    <message>
      <source>The 100 most common characters</source>
      <translation>最常用的 100 个字</translation>
    </message>
    <message>
      <source>The 20 characters that were misread most</source>
      <translation>最常认错的 20 个字</translation>
    </message>
    <message>
      <source>The 50 characters that were misread most</source>
      <translation>最常认错的 50 个字</translation>
    </message>
    <message>
      <source>The 500 most common characters</source>
      <translation>最常用的 500 个字</translation>
    </message>
    <message>
      <source>This looks like {character}. Enter keeps it all the same, Ctrl+Z takes a stroke back.</source>
      <translation>这看起来像“{character}”。按回车仍照样保存，Ctrl+Z 撤回一笔。</translation>
    </message>
    <message>
      <source>What to write</source>
      <translation>写什么</translation>
    </message>
    <message>
      <source>Write {character}</source>
      <translation>请写 {character}</translation>
    </message>
    <message>
      <source>Writer</source>
      <translation>书写者</translation>
    </message>
    <message>
      <source>{count} writings, about {minutes} min; it may be left and gone on with on another day.</source>
      <translation>共写 {count} 次，约 {minutes} 分钟；可以中途离开，改天再继续。</translation>
    </message>
  </context>
  <context>
    <name>DirectionMenu</name>
    <message>
      <source>All pages: {direction}</source>
      <translation>所有页：{direction}</translation>
    </message>
    <message>
      <source>As it fits</source>
      <translation>自动</translation>
    </message>
    <message>
      <source>In columns</source>
      <translation>竖排</translation>
    </message>
    <message>
      <source>In rows</source>
      <translation>横排</translation>
    </message>
    <message>
      <source>Lines</source>
      <translation>行的方向</translation>
    </message>
  </context>
  <context>
    <name>GuideWindow</name>
    <message>
      <source>Guide</source>
      <translation>使用指南</translation>
    </message>
    <message>
      <source>en</source>
      <translation>zh_CN</translation>
    </message>
  </context>
  <context>
    <name>InstallPanel</name>
    <message>
      <source>Command that installs the trainer</source>
      <translation>安装训练器的命令</translation>
    </message>
    <message>
      <source>Copy the command</source>
      <translation>复制命令</translation>
    </message>
    <message>
      <source>Install the trainer</source>
      <translation>安装训练器</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>Starting…</source>
      <translation>正在启动…</translation>
    </message>
    <message>
      <source>Stop installing</source>
      <translation>停止安装</translation>
    </message>
    <message>
      <source>Stopped; “Install the trainer” begins again.</source>
      <translation>已停止；“安装训练器”可重新开始。</translation>
    </message>
    <message>
      <source>The trainer is not installed yet. It learns your hand from the writings in Samples, which stay here. Its libraries (torch and others, up to 6 GB) come over the network once, by this command:</source>
      <translation>训练器尚未安装。它用“样本”中您写的字学习您的笔迹，这些字不会离开这台电脑。它所需的库（torch 等，最多 6 GB）要通过网络下载一次，命令如下：</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source>Go on</source>
      <translation>不关闭</translation>
    </message>
    <message>
      <source>Guide</source>
      <translation>使用指南</translation>
    </message>
    <message>
      <source>Keep above other windows</source>
      <translation>保持在其他窗口之上</translation>
    </message>
    <message>
      <source>Meaning</source>
      <translation>字义</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>退出</translation>
    </message>
    <message>
      <source>Read</source>
      <translation>阅读</translation>
    </message>
    <message>
      <source>Rooms</source>
      <translation>功能区</translation>
    </message>
    <message>
      <source>Samples</source>
      <translation>样本</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>设置</translation>
    </message>
    <message>
      <source>Small window</source>
      <translation>小窗口</translation>
    </message>
    <message>
      <source>Stop and close</source>
      <translation>停止并关闭</translation>
    </message>
    <message>
      <source>Train</source>
      <translation>训练</translation>
    </message>
    <message>
      <source>Type into other programs</source>
      <translation>输入到其他程序</translation>
    </message>
    <message>
      <source>Write</source>
      <translation>书写</translation>
    </message>
    <message>
      <source>Your names and terms are kept, and count from now on.</source>
      <translation>您的名称和术语已保存，即刻生效。</translation>
    </message>
  </context>
  <context>
    <name>MeaningPanel</name>
    <message>
      <source>Character or word to look up</source>
      <translation>要查的字或词</translation>
    </message>
    <message>
      <source>Characters</source>
      <translation>字</translation>
    </message>
    <message>
      <source>Jyutping</source>
      <translation>粤拼</translation>
    </message>
    <message>
      <source>Look up</source>
      <translation>查字词</translation>
    </message>
    <message>
      <source>Meaning</source>
      <translation>字义</translation>
    </message>
    <message>
      <source>Nothing was looked up yet</source>
      <translation>还没有查过字词</translation>
    </message>
    <message>
      <source>Order of the strokes</source>
      <translation>笔顺</translation>
    </message>
    <message>
      <source>Parts</source>
      <translation>部件</translation>
    </message>
    <message>
      <source>Radical</source>
      <translation>部首</translation>
    </message>
    <message>
      <source>Simplified form</source>
      <translation>简体</translation>
    </message>
    <message>
      <source>Strokes: {count}</source>
      <translation>笔画：{count}</translation>
    </message>
    <message>
      <source>The dictionary does not have it.</source>
      <translation>词典中没有。</translation>
    </message>
    <message>
      <source>Traditional form</source>
      <translation>繁体</translation>
    </message>
    <message>
      <source>What is written is explained here.</source>
      <translation>写下的字在这里解释。</translation>
    </message>
    <message>
      <source>What was looked up</source>
      <translation>查过的字词</translation>
    </message>
    <message>
      <source>Words</source>
      <translation>词语</translation>
    </message>
  </context>
  <context>
    <name>ModelsRoom</name>
    <message>
      <source> (in use)</source>
      <translation>（使用中）</translation>
    </message>
    <message>
      <source> (in use, without int8 arithmetic)</source>
      <translation>（使用中，不用 int8 运算）</translation>
    </message>
    <message>
      <source>Characters</source>
      <translation>字符</translation>
    </message>
    <message>
      <source>Check on this computer</source>
      <translation>在这台电脑上检查</translation>
    </message>
    <message>
      <source>Compare with the one in use</source>
      <translation>与使用中的模型比较</translation>
    </message>
    <message>
      <source>Compared.</source>
      <translation>比较完毕。</translation>
    </message>
    <message>
      <source>Comparing on your samples…</source>
      <translation>正在用您的样本比较…</translation>
    </message>
    <message>
      <source>Export a model</source>
      <translation>导出模型</translation>
    </message>
    <message>
      <source>Export…</source>
      <translation>导出…</translation>
    </message>
    <message>
      <source>How often</source>
      <translation>次数</translation>
    </message>
    <message>
      <source>Import a model</source>
      <translation>导入模型</translation>
    </message>
    <message>
      <source>Import…</source>
      <translation>导入…</translation>
    </message>
    <message>
      <source>In use: {name}.</source>
      <translation>使用中：{name}。</translation>
    </message>
    <message>
      <source>It is used without int8 arithmetic, more slowly: with it it answers otherwise here.</source>
      <translation>它在此不用 int8 运算（较慢）：用 int8 时结果会不同。</translation>
    </message>
    <message>
      <source>Made on</source>
      <translation>制作日期</translation>
    </message>
    <message>
      <source>Measuring…</source>
      <translation>正在测量…</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>模型</translation>
    </message>
    <message>
      <source>On {count} of your samples</source>
      <translation>在您的 {count} 个样本上</translation>
    </message>
    <message>
      <source>One character</source>
      <translation>一个字</translation>
    </message>
    <message>
      <source>Return to the one before</source>
      <translation>恢复上一个模型</translation>
    </message>
    <message>
      <source>Saved as {name}.</source>
      <translation>已保存为 {name}。</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>大小</translation>
    </message>
    <message>
      <source>The model's card</source>
      <translation>模型卡片</translation>
    </message>
    <message>
      <source>Use this one</source>
      <translation>使用这个模型</translation>
    </message>
    <message>
      <source>Where they differ</source>
      <translation>不同之处</translation>
    </message>
    <message>
      <source>Written</source>
      <translation>所写</translation>
    </message>
    <message>
      <source>{agreement} of the test answers agree, largest difference {largest}.</source>
      <translation>测试答案一致率 {agreement}，最大差异 {largest}。</translation>
    </message>
    <message>
      <source>{name} is installed; “Use this one” activates it.</source>
      <translation>{name} 已安装；按“使用这个模型”启用它。</translation>
    </message>
    <message>
      <source>{name}: {speed} ms a character.</source>
      <translation>{name}：每个字 {speed} 毫秒。</translation>
    </message>
  </context>
  <context>
    <name>PadFiles</name>
    <message>
      <source>Images and ink</source>
      <translation>图片和笔迹</translation>
    </message>
    <message>
      <source>Open an image of one character</source>
      <translation>打开单字图片</translation>
    </message>
    <message>
      <source>Save the writing</source>
      <translation>保存笔迹</translation>
    </message>
    <message>
      <source>Saved as {name}.</source>
      <translation>已保存为 {name}。</translation>
    </message>
  </context>
  <context>
    <name>PadSuggestion</name>
    <message>
      <source>Open it in Read</source>
      <translation>在“阅读”中打开</translation>
    </message>
    <message>
      <source>Read it as a column</source>
      <translation>作为一列识别</translation>
    </message>
    <message>
      <source>Read it as a row</source>
      <translation>作为一行识别</translation>
    </message>
    <message>
      <source>This looks like a column of several characters.</source>
      <translation>这看起来像竖写的几个字。</translation>
    </message>
    <message>
      <source>This looks like a row of several characters.</source>
      <translation>这看起来像横写的几个字。</translation>
    </message>
    <message>
      <source>This looks like a row or a page, not like one character.</source>
      <translation>这看起来像一行或一页，而不是一个字。</translation>
    </message>
    <message>
      <source>Try it: write 你. What you write stays on this computer and teaches the program; Settings, under Learning, keeps none.</source>
      <translation>试一试：写“你”。您写的内容留在这台电脑上，供程序学习；在“设置”的“学习”里可以关闭保存。</translation>
    </message>
    <message>
      <source>Understood</source>
      <translation>知道了</translation>
    </message>
  </context>
  <context>
    <name>PageColumn</name>
    <message>
      <source>Doubtful: {here} here, {all} in all</source>
      <translation>存疑：本页 {here}，共 {all}</translation>
    </message>
    <message>
      <source>Search in all pages</source>
      <translation>在所有页中搜索</translation>
    </message>
  </context>
  <context>
    <name>PageCorrection</name>
    <message>
      <source>1 to 9 choose, Enter confirms, what you type replaces; Esc ends.</source>
      <translation>1 到 9 选择，回车确认，键入则替换；Esc 结束。</translation>
    </message>
    <message>
      <source>Candidate {number}</source>
      <translation>候选 {number}</translation>
    </message>
    <message>
      <source>Candidates</source>
      <translation>候选字</translation>
    </message>
    <message>
      <source>F3 goes from one doubtful character to the next.</source>
      <translation>F3 跳到下一个存疑的字。</translation>
    </message>
    <message>
      <source>Picture of the line</source>
      <translation>本行的图像</translation>
    </message>
    <message>
      <source>Text of the page</source>
      <translation>页面的文本</translation>
    </message>
  </context>
  <context>
    <name>PageFiles</name>
    <message>
      <source>Images</source>
      <translation>图片</translation>
    </message>
    <message>
      <source>Open a folder: of pictures, or of a batch's texts</source>
      <translation>打开文件夹：图片文件夹，或批处理写出的文件夹</translation>
    </message>
    <message>
      <source>Open pages</source>
      <translation>打开页面</translation>
    </message>
    <message>
      <source>Save the text of all pages</source>
      <translation>保存所有页面的文本</translation>
    </message>
    <message>
      <source>Saved as {name}.</source>
      <translation>已保存为 {name}。</translation>
    </message>
    <message>
      <source>Watch a folder: what comes into it is read</source>
      <translation>监视文件夹：新放入的文件会被识别</translation>
    </message>
    <message>
      <source>Watching {name}: what comes into it is read.</source>
      <translation>正在监视 {name}：新放入的文件会被识别。</translation>
    </message>
    <message>
      <source>{count} of {all} pages were read by now.</source>
      <translation>目前 {all} 页中已识别 {count} 页。</translation>
    </message>
  </context>
  <context>
    <name>PageList</name>
    <message>
      <source>Pages</source>
      <translation>页面</translation>
    </message>
    <message>
      <source>{name}
cannot be read</source>
      <translation>{name}
无法读取</translation>
    </message>
    <message>
      <source>{name}
no writing was found</source>
      <translation>{name}
没有找到文字</translation>
    </message>
    <message>
      <source>{name}
the file is gone, or another</source>
      <translation>{name}
文件已不在，或已更换</translation>
    </message>
    <message>
      <source>{name}
waits to be read</source>
      <translation>{name}
等待识别</translation>
    </message>
    <message>
      <source>{name}
{doubtful} of {characters} doubtful</source>
      <translation>{name}
{characters} 字，{doubtful} 存疑</translation>
    </message>
    <message>
      <source>{name}
✓ checked, {characters} characters</source>
      <translation>{name}
✓ 已核对，{characters} 个字</translation>
    </message>
  </context>
  <context>
    <name>PageRegions</name>
    <message>
      <source>A region can be drawn once the page is read.</source>
      <translation>页面识别之后才能画区域。</translation>
    </message>
    <message>
      <source>Draw the region on the page.</source>
      <translation>请在页面上画出区域。</translation>
    </message>
    <message>
      <source>Forget the regions</source>
      <translation>取消所有区域</translation>
    </message>
    <message>
      <source>Leave a region aside</source>
      <translation>忽略一个区域</translation>
    </message>
    <message>
      <source>Read a region</source>
      <translation>只识别一个区域</translation>
    </message>
    <message>
      <source>Regions</source>
      <translation>区域</translation>
    </message>
  </context>
  <context>
    <name>PageShelf</name>
    <message>
      <source>It lies open already.</source>
      <translation>它已经打开了。</translation>
    </message>
    <message>
      <source>Reading it did not end, twice. “Read again” tries once more.</source>
      <translation>识别两次都没有完成。“重新识别”再试一次。</translation>
    </message>
    <message>
      <source>Stopped; what was read stays.</source>
      <translation>已停止；已识别的保留。</translation>
    </message>
    <message>
      <source>The text as it was corrected is kept: Reopen page brings it back.</source>
      <translation>改正过的文字已保留：“重新打开页面”可以找回。</translation>
    </message>
  </context>
  <context>
    <name>PlanForm</name>
    <message>
      <source>Channels to drop, %</source>
      <translation>要去掉的通道（%）</translation>
    </message>
    <message>
      <source>How long it takes on this computer is measured on its first steps.</source>
      <translation>在这台电脑上需要多久，将在开头几步测出。</translation>
    </message>
    <message>
      <source>How often the network is corrected, each time after 128 samples</source>
      <translation>网络被修正的次数，每次看 128 个样本</translation>
    </message>
    <message>
      <source>It will take about {minutes} minutes on this computer.</source>
      <translation>在这台电脑上大约需要 {minutes} 分钟。</translation>
    </message>
    <message>
      <source>Seed</source>
      <translation>随机种子</translation>
    </message>
    <message>
      <source>Steps</source>
      <translation>步数</translation>
    </message>
    <message>
      <source>The start of the random numbers: the same seed gives the same model</source>
      <translation>随机数的起点：同样的种子得到同样的模型</translation>
    </message>
    <message>
      <source>The weakest channels inside the network that are removed: smaller and faster, and less sure</source>
      <translation>从网络内部去掉最弱的通道：更小更快，但准确度稍低</translation>
    </message>
  </context>
  <context>
    <name>ReadRoom</name>
    <message>
      <source>As they were opened</source>
      <translation>按打开顺序</translation>
    </message>
    <message>
      <source>By name</source>
      <translation>按名称</translation>
    </message>
    <message>
      <source>Close page</source>
      <translation>关闭页面</translation>
    </message>
    <message>
      <source>Copied.</source>
      <translation>已复制。</translation>
    </message>
    <message>
      <source>Copy text</source>
      <translation>复制文本</translation>
    </message>
    <message>
      <source>Larger</source>
      <translation>放大</translation>
    </message>
    <message>
      <source>Most doubtful first</source>
      <translation>存疑最多的在前</translation>
    </message>
    <message>
      <source>Next doubtful</source>
      <translation>下一个存疑的字</translation>
    </message>
    <message>
      <source>Next page with doubts</source>
      <translation>下一个有存疑字的页</translation>
    </message>
    <message>
      <source>No doubtful character is left in this direction.</source>
      <translation>这个方向上没有存疑的字了。</translation>
    </message>
    <message>
      <source>No other page has doubtful characters.</source>
      <translation>其他页没有存疑的字。</translation>
    </message>
    <message>
      <source>Nothing doubtful is left on this page: F4 notes it as checked, and goes on.</source>
      <translation>本页已无存疑的字：按 F4 记为已核对，并继续下一页。</translation>
    </message>
    <message>
      <source>Open a folder…</source>
      <translation>打开文件夹…</translation>
    </message>
    <message>
      <source>Open, drop or paste them. Each page appears with a box around every character and its text beside it; F3 goes to the next doubtful one. A folder can be watched: what comes into it, as from a scanner, is read by itself.</source>
      <translation>打开、拖入或粘贴即可。每页都会显示每个字的框，旁边是文字；F3 跳到下一个存疑的字。还可以监视文件夹：进入其中的文件（例如来自扫描仪的）会自动识别。</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>打开…</translation>
    </message>
    <message>
      <source>Order</source>
      <translation>排序</translation>
    </message>
    <message>
      <source>Page</source>
      <translation>页面</translation>
    </message>
    <message>
      <source>Page checked</source>
      <translation>页面已核对</translation>
    </message>
    <message>
      <source>Paste</source>
      <translation>粘贴</translation>
    </message>
    <message>
      <source>Previous doubtful</source>
      <translation>上一个存疑的字</translation>
    </message>
    <message>
      <source>Read again</source>
      <translation>重新识别</translation>
    </message>
    <message>
      <source>Reopen page</source>
      <translation>重新打开页面</translation>
    </message>
    <message>
      <source>Save…</source>
      <translation>保存…</translation>
    </message>
    <message>
      <source>Scans and photographs of handwriting become text</source>
      <translation>手写的扫描件和照片变成文字</translation>
    </message>
    <message>
      <source>Search in all pages</source>
      <translation>在所有页中搜索</translation>
    </message>
    <message>
      <source>Smaller</source>
      <translation>缩小</translation>
    </message>
    <message>
      <source>Turn</source>
      <translation>旋转</translation>
    </message>
    <message>
      <source>Unchecked first</source>
      <translation>未核对的在前</translation>
    </message>
    <message>
      <source>Watch a folder…</source>
      <translation>监视文件夹…</translation>
    </message>
    <message>
      <source>Whole page</source>
      <translation>整页</translation>
    </message>
    <message>
      <source>{count} pages could not be kept on the disk: save their text first. Close all the same?</source>
      <translation>有 {count} 页无法保存到磁盘：请先保存其文本。仍要关闭吗？</translation>
    </message>
    <message>
      <source>{count} pages that were corrected or checked stay as they are; “Read again” reads them.</source>
      <translation>{count} 页已改正或已核对，保持原样；“重新识别”可再次识别它们。</translation>
    </message>
  </context>
  <context>
    <name>ReadingProgress</name>
    <message>
      <source>Pause</source>
      <translation>暂停</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>Resume</source>
      <translation>继续</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>停止</translation>
    </message>
    <message>
      <source>{seconds} s left</source>
      <translation>还剩 {seconds} 秒</translation>
    </message>
  </context>
  <context>
    <name>SamplesRoom</name>
    <message>
      <source>All sources</source>
      <translation>所有来源</translation>
    </message>
    <message>
      <source>All writers</source>
      <translation>所有书写者</translation>
    </message>
    <message>
      <source>Characters to show</source>
      <translation>要显示的字</translation>
    </message>
    <message>
      <source>Collect…</source>
      <translation>采集…</translation>
    </message>
    <message>
      <source>Every character that you write and choose becomes a sample, from which the program learns your hand. “Collect” asks you for one after another, “Import” takes files, and sheets are written on paper.</source>
      <translation>您写下并选定的每个字都成为样本，程序由此学习您的笔迹。“采集”逐个请您书写，“导入”读取文件，也可以打印字帖在纸上写。</translation>
    </message>
    <message>
      <source>Export the samples shown</source>
      <translation>导出显示的样本</translation>
    </message>
    <message>
      <source>Export…</source>
      <translation>导出…</translation>
    </message>
    <message>
      <source>Find odd ones</source>
      <translation>查找可疑样本</translation>
    </message>
    <message>
      <source>Images</source>
      <translation>图片</translation>
    </message>
    <message>
      <source>Import samples</source>
      <translation>导入样本</translation>
    </message>
    <message>
      <source>Import…</source>
      <translation>导入…</translation>
    </message>
    <message>
      <source>It is another</source>
      <translation>其实是另一个字</translation>
    </message>
    <message>
      <source>It is another…</source>
      <translation>其实是另一个字…</translation>
    </message>
    <message>
      <source>Looking at all samples again: {done} of {count}…</source>
      <translation>正在重新检查所有样本：{done} / {count}…</translation>
    </message>
    <message>
      <source>Looking at all samples again…</source>
      <translation>正在重新检查所有样本…</translation>
    </message>
    <message>
      <source>Not named</source>
      <translation>未注明</translation>
    </message>
    <message>
      <source>Odd ones only</source>
      <translation>只看可疑的</translation>
    </message>
    <message>
      <source>Print a sheet</source>
      <translation>打印字帖</translation>
    </message>
    <message>
      <source>Print a sheet…</source>
      <translation>打印字帖…</translation>
    </message>
    <message>
      <source>Read a sheet</source>
      <translation>读入字帖</translation>
    </message>
    <message>
      <source>Read a sheet…</source>
      <translation>读入字帖…</translation>
    </message>
    <message>
      <source>Reading {name}…</source>
      <translation>正在读取 {name}…</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>移除</translation>
    </message>
    <message>
      <source>Samples</source>
      <translation>样本</translation>
    </message>
    <message>
      <source>Source</source>
      <translation>来源</translation>
    </message>
    <message>
      <source>The 100 most common characters</source>
      <translation>最常用的 100 个字</translation>
    </message>
    <message>
      <source>The 20 characters that were misread most</source>
      <translation>最常认错的 20 个字</translation>
    </message>
    <message>
      <source>The 500 most common characters</source>
      <translation>最常用的 500 个字</translation>
    </message>
    <message>
      <source>The right character:</source>
      <translation>正确的字：</translation>
    </message>
    <message>
      <source>There is nothing here yet</source>
      <translation>这里还没有内容</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>撤销</translation>
    </message>
    <message>
      <source>Whose writing it is:</source>
      <translation>这是谁写的：</translation>
    </message>
    <message>
      <source>Writer</source>
      <translation>书写者</translation>
    </message>
    <message>
      <source>Writer…</source>
      <translation>书写者…</translation>
    </message>
    <message>
      <source>{count} of {all} samples written to {name}.</source>
      <translation>{count} 个样本（共 {all} 个）已写入 {name}。</translation>
    </message>
    <message>
      <source>{count} removed; Undo brings them back.</source>
      <translation>移除了 {count} 个；“撤销”可以恢复。</translation>
    </message>
    <message>
      <source>{count} samples came in.</source>
      <translation>读入了 {count} 个样本。</translation>
    </message>
    <message>
      <source>{count} samples look odd to the model.</source>
      <translation>模型觉得 {count} 个样本可疑。</translation>
    </message>
    <message>
      <source>{name} has one page: print it, fill it in, scan it, and read it back here.</source>
      <translation>{name} 有一页：打印、填写、扫描，再从这里读入。</translation>
    </message>
    <message>
      <source>{name} has {pages} pages: print it, fill it in, scan it, and read it back here.</source>
      <translation>{name} 有 {pages} 页：打印、填写、扫描，再从这里读入。</translation>
    </message>
    <message>
      <source>{shown} of {count} samples.</source>
      <translation>显示 {shown} 个样本，共 {count} 个。</translation>
    </message>
  </context>
  <context>
    <name>SettingsRoom</name>
    <message>
      <source>A column</source>
      <translation>一列</translation>
    </message>
    <message>
      <source>A row</source>
      <translation>一行</translation>
    </message>
    <message>
      <source>Address to look characters up, with {} in it</source>
      <translation>查字的网址，其中含 {}</translation>
    </message>
    <message>
      <source>An address of the web, with {} where the character belongs</source>
      <translation>网址，{} 处放要查的字</translation>
    </message>
    <message>
      <source>As it fits</source>
      <translation>自动</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>跟随系统</translation>
    </message>
    <message>
      <source>Characters that follow each other here are taken for likelier.</source>
      <translation>这里相连的字会被认为更可能出现。</translation>
    </message>
    <message>
      <source>Copy the text whenever it grows</source>
      <translation>文本增加时自动复制</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>深色</translation>
    </message>
    <message>
      <source>Delete all samples, models of your own, settings, texts, and what the trainer installed?</source>
      <translation>删除所有样本、您自己的模型、设置、文本以及训练器安装的内容吗？</translation>
    </message>
    <message>
      <source>Delete everything</source>
      <translation>全部删除</translation>
    </message>
    <message>
      <source>Delete everything…</source>
      <translation>全部删除…</translation>
    </message>
    <message>
      <source>Everything that you write stays on this computer, in {folder}. Nothing is ever sent.</source>
      <translation>您写的一切都留在这台电脑上，位于 {folder}。从不发送任何内容。</translation>
    </message>
    <message>
      <source>Everything was deleted.</source>
      <translation>已全部删除。</translation>
    </message>
    <message>
      <source>Field 田</source>
      <translation>田字格</translation>
    </message>
    <message>
      <source>Guides</source>
      <translation>格线</translation>
    </message>
    <message>
      <source>In columns</source>
      <translation>竖排</translation>
    </message>
    <message>
      <source>In rows</source>
      <translation>横排</translation>
    </message>
    <message>
      <source>Keep above other windows</source>
      <translation>保持在其他窗口之上</translation>
    </message>
    <message>
      <source>Keep what I write and choose, to learn from it</source>
      <translation>保留我写下并选定的字，供学习使用</translation>
    </message>
    <message>
      <source>Keys that paste in other programs</source>
      <translation>在其他程序中粘贴的按键</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>语言</translation>
    </message>
    <message>
      <source>Learn from what I choose at once</source>
      <translation>立即从我的选择中学习</translation>
    </message>
    <message>
      <source>Learning</source>
      <translation>学习</translation>
    </message>
    <message>
      <source>Let the text before decide among candidates</source>
      <translation>让前文参与候选的排序</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>浅色</translation>
    </message>
    <message>
      <source>Lines of pages</source>
      <translation>页面文字的方向</translation>
    </message>
    <message>
      <source>Look</source>
      <translation>外观</translation>
    </message>
    <message>
      <source>None</source>
      <translation>无</translation>
    </message>
    <message>
      <source>One character</source>
      <translation>一个字</translation>
    </message>
    <message>
      <source>Other programs</source>
      <translation>其他程序</translation>
    </message>
    <message>
      <source>Own names and terms</source>
      <translation>自己的名称和术语</translation>
    </message>
    <message>
      <source>Pinyin</source>
      <translation>拼音</translation>
    </message>
    <message>
      <source>Privacy</source>
      <translation>隐私</translation>
    </message>
    <message>
      <source>Reading pages</source>
      <translation>识别页面</translation>
    </message>
    <message>
      <source>Readings</source>
      <translation>读音</translation>
    </message>
    <message>
      <source>Rice 米</source>
      <translation>米字格</translation>
    </message>
    <message>
      <source>Search in the settings</source>
      <translation>在设置中搜索</translation>
    </message>
    <message>
      <source>Show the folder</source>
      <translation>显示文件夹</translation>
    </message>
    <message>
      <source>Show what characters mean</source>
      <translation>显示字义</translation>
    </message>
    <message>
      <source>Size of text, %</source>
      <translation>文字大小（%）</translation>
    </message>
    <message>
      <source>Speed</source>
      <translation>速度</translation>
    </message>
    <message>
      <source>Theme</source>
      <translation>主题</translation>
    </message>
    <message>
      <source>This cannot be undone. Export first what you want to keep.</source>
      <translation>此操作无法撤销。请先导出想保留的内容。</translation>
    </message>
    <message>
      <source>Threads for recognition, from the next start</source>
      <translation>识别所用的线程数，下次启动时生效</translation>
    </message>
    <message>
      <source>Width of the pen, %</source>
      <translation>笔的粗细（%）</translation>
    </message>
    <message>
      <source>Writer's name</source>
      <translation>书写者的名字</translation>
    </message>
    <message>
      <source>Writing</source>
      <translation>书写方式</translation>
    </message>
    <message>
      <source>Zhuyin</source>
      <translation>注音</translation>
    </message>
  </context>
  <context>
    <name>SheetDialog</name>
    <message>
      <source>Boxes for each</source>
      <translation>每字格数</translation>
    </message>
    <message>
      <source>Boxes: {boxes}. Pages: {pages}. A character needs three writings to be learned from.</source>
      <translation>共 {boxes} 格，{pages} 页。一个字要写三次才能用来学习。</translation>
    </message>
    <message>
      <source>Characters</source>
      <translation>字</translation>
    </message>
    <message>
      <source>Characters of</source>
      <translation>字的来源</translation>
    </message>
    <message>
      <source>First page</source>
      <translation>第一页</translation>
    </message>
    <message>
      <source>My own list or text</source>
      <translation>我自己的字表或文字</translation>
    </message>
    <message>
      <source>Paper</source>
      <translation>纸张</translation>
    </message>
    <message>
      <source>Print a sheet</source>
      <translation>打印字帖</translation>
    </message>
  </context>
  <context>
    <name>ShortcutTable</name>
    <message>
      <source>Action</source>
      <translation>操作</translation>
    </message>
    <message>
      <source>Keys</source>
      <translation>按键</translation>
    </message>
    <message>
      <source>New keys</source>
      <translation>新的按键</translation>
    </message>
    <message>
      <source>Shortcuts</source>
      <translation>快捷键</translation>
    </message>
    <message>
      <source>The usual keys</source>
      <translation>默认按键</translation>
    </message>
    <message>
      <source>These keys are taken by: {actions}.</source>
      <translation>这些按键已用于：{actions}。</translation>
    </message>
    <message>
      <source>Use these keys</source>
      <translation>使用这些按键</translation>
    </message>
  </context>
  <context>
    <name>SmallBar</name>
    <message>
      <source>Back to the whole window</source>
      <translation>返回完整窗口</translation>
    </message>
    <message>
      <source>Back to the whole window (Esc)</source>
      <translation>返回完整窗口（Esc）</translation>
    </message>
    <message>
      <source>Esc: the whole window</source>
      <translation>Esc：完整窗口</translation>
    </message>
    <message>
      <source>What you choose goes into the other program.</source>
      <translation>您选的字会输入到另一个程序。</translation>
    </message>
    <message>
      <source>What you choose is on the clipboard: this desktop lets no program type into another.</source>
      <translation>您选的字在剪贴板上：此桌面不允许程序向其他程序输入。</translation>
    </message>
    <message>
      <source>Whole window</source>
      <translation>完整窗口</translation>
    </message>
  </context>
  <context>
    <name>StrokeOrder</name>
    <message>
      <source>{count} strokes; a click shows their order</source>
      <translation>{count} 画；点击显示笔顺</translation>
    </message>
  </context>
  <context>
    <name>TextLine</name>
    <message>
      <source>Chosen characters appear here</source>
      <translation>选中的字会出现在这里</translation>
    </message>
    <message>
      <source>Copied.</source>
      <translation>已复制。</translation>
    </message>
    <message>
      <source>Copy</source>
      <translation>复制</translation>
    </message>
    <message>
      <source>Empty</source>
      <translation>清空</translation>
    </message>
    <message>
      <source>Empty the text; Ctrl+Z in it brings it back</source>
      <translation>清空文本；在其中按 Ctrl+Z 可恢复</translation>
    </message>
    <message>
      <source>Text</source>
      <translation>文本</translation>
    </message>
  </context>
  <context>
    <name>Titles</name>
    <message>
      <source>Every common character</source>
      <translation>所有常用字</translation>
    </message>
    <message>
      <source>own hand</source>
      <translation>自己的笔迹</translation>
    </message>
  </context>
  <context>
    <name>TrainRoom</name>
    <message>
      <source>A fifth of the channels goes. In our study of 16 characters even those that lost two fifths and were taught again read as well: 95.6 % and 95.5 %.</source>
      <translation>去掉五分之一的通道。在我们对 16 个字的研究中，去掉五分之二再重新训练的网络也读得一样好：95.6% 与 95.5%。</translation>
    </message>
    <message>
      <source>A training is at work. Close the window and stop it? The model in use stays as it is.</source>
      <translation>训练正在进行。关闭窗口并停止训练吗？正在使用的模型保持不变。</translation>
    </message>
    <message>
      <source>A training makes a model of your own, which has to be better than the one in use.</source>
      <translation>训练会做出您自己的模型，它必须比正在使用的更好才会启用。</translation>
    </message>
    <message>
      <source>Adapt to my hand</source>
      <translation>适应我的笔迹</translation>
    </message>
    <message>
      <source>Adapt to my hand and add new characters</source>
      <translation>适应我的笔迹并添加新字</translation>
    </message>
    <message>
      <source>Another model is in use by now, which stays. What passes stands in Models.</source>
      <translation>目前使用的已是另一个模型，保持不变。通过检验的模型在“模型”中。</translation>
    </message>
    <message>
      <source>As above; and characters that it does not know get a place of their own.</source>
      <translation>同上；并为模型不认识的字增加位置。</translation>
    </message>
    <message>
      <source>At most {share} of the size: {name}, {score} of your samples.</source>
      <translation>不超过原大小的 {share}：{name}，正确识别您样本的 {score}。</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>取消</translation>
    </message>
    <message>
      <source>Examining the new model…</source>
      <translation>正在检验新模型…</translation>
    </message>
    <message>
      <source>Five forms, each examined on your samples: the smallest that reads them as well is put to use, the others stand in Models. In our studies compact blocks with a seventh of the parameters, taught by the whole network, cost 0.3 points, parsimonious ones with an eleventh 1.0.</source>
      <translation>共五种形式，每种都用您的样本检验：识别同样好的最小的一种会投入使用，其他的在“模型”中。在我们的研究中，参数为七分之一、由整个网络教导的紧凑模块损失 0.3 个百分点，参数为十一分之一的精简模块损失 1.0 个百分点。</translation>
    </message>
    <message>
      <source>How the loss falls</source>
      <translation>损失下降的过程</translation>
    </message>
    <message>
      <source>In use again: {name}.</source>
      <translation>已恢复使用：{name}。</translation>
    </message>
    <message>
      <source>In use now: {name}. The others that pass stand in Models.</source>
      <translation>现在使用：{name}。其他通过检验的在“模型”中。</translation>
    </message>
    <message>
      <source>It learns your writings, and practices all characters meanwhile, lest it forget them.</source>
      <translation>它学习您的笔迹，同时练习所有的字，以免遗忘。</translation>
    </message>
    <message>
      <source>Keep what I write and choose, to learn from it</source>
      <translation>保留我写下并选定的字，供学习使用</translation>
    </message>
    <message>
      <source>Learning: {rate} samples a second, {left} s left, then the examination.</source>
      <translation>正在学习：每秒 {rate} 个样本，还需 {left} 秒，然后检验。</translation>
    </message>
    <message>
      <source>Make the model faster for my hand</source>
      <translation>让模型更快（针对我的笔迹）</translation>
    </message>
    <message>
      <source>Make the model smaller for my hand</source>
      <translation>让模型更小（针对我的笔迹）</translation>
    </message>
    <message>
      <source>Mistakes at the moment</source>
      <translation>此刻的错误</translation>
    </message>
    <message>
      <source>Model in use: {name}</source>
      <translation>使用中的模型：{name}</translation>
    </message>
    <message>
      <source>More options</source>
      <translation>更多选项</translation>
    </message>
    <message>
      <source>No character has three samples yet.</source>
      <translation>还没有字有三个样本。</translation>
    </message>
    <message>
      <source>No form reads as well as the model in use, which stays.</source>
      <translation>没有一种形式识别得和使用中的模型一样好，继续使用原模型。</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>暂停</translation>
    </message>
    <message>
      <source>Paused; it goes on where it is.</source>
      <translation>已暂停；会从原处继续。</translation>
    </message>
    <message>
      <source>Progress</source>
      <translation>进度</translation>
    </message>
    <message>
      <source>Read wrong at the moment, of the samples kept for the examination:</source>
      <translation>此刻认错的（留作检验的样本）：</translation>
    </message>
    <message>
      <source>Resume</source>
      <translation>继续</translation>
    </message>
    <message>
      <source>Return to the model before</source>
      <translation>恢复上一个模型</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>大小</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>开始</translation>
    </message>
    <message>
      <source>Starting…</source>
      <translation>正在启动…</translation>
    </message>
    <message>
      <source>Stopped; the model in use is as it was.</source>
      <translation>已停止；使用中的模型没有改变。</translation>
    </message>
    <message>
      <source>Stopping…</source>
      <translation>正在停止…</translation>
    </message>
    <message>
      <source>The last training did not end. The model in use is as it was; Start begins it again.</source>
      <translation>上次训练没有结束。使用中的模型没有变；按“开始”重新训练。</translation>
    </message>
    <message>
      <source>The new model is in use: {scores}.</source>
      <translation>新模型已启用：{scores}。</translation>
    </message>
    <message>
      <source>The new model stands in Models, another is in use by now: {scores}.</source>
      <translation>新模型在“模型”中，目前使用的已是另一个模型：{scores}。</translation>
    </message>
    <message>
      <source>The new model was kept aside, it does not read the new characters yet: {scores}.</source>
      <translation>新模型已另存，它还不能认出新字：{scores}。</translation>
    </message>
    <message>
      <source>The new model was kept aside, it is no gain: {scores}.</source>
      <translation>新模型没有改进，已另存而未启用：{scores}。</translation>
    </message>
    <message>
      <source>The new model was kept aside, it would forget other characters: {scores}.</source>
      <translation>新模型已另存，它会遗忘其他字：{scores}。</translation>
    </message>
    <message>
      <source>The new model was kept aside, too few samples were held out to tell: {scores}.</source>
      <translation>新模型已另存，留作检验的样本太少，无法判断：{scores}。</translation>
    </message>
    <message>
      <source>The trainer is being installed. Close the window and stop that?</source>
      <translation>正在安装训练器。关闭窗口并停止安装吗？</translation>
    </message>
    <message>
      <source>Time of a character</source>
      <translation>每字用时</translation>
    </message>
    <message>
      <source>Try all ways to make it smaller, and compare</source>
      <translation>试遍各种缩小方法并比较</translation>
    </message>
    <message>
      <source>Two fifths of the channels go, of the bundled model a third of its parameters, and the whole network teaches what is left: in our study of 16 characters 54 % of the parameters read as well, 95.6 % and 95.5 %.</source>
      <translation>去掉五分之二的通道（对自带的模型是三分之一的参数），由完整的网络教余下的部分：在我们对 16 个字的研究中，54% 的参数识别得一样好，95.6% 与 95.5%。</translation>
    </message>
    <message>
      <source>What each form reads right of your samples, over its size and time</source>
      <translation>各种形式对您样本的正确识别率，及其大小与用时</translation>
    </message>
    <message>
      <source>What to do</source>
      <translation>要做什么</translation>
    </message>
    <message>
      <source>all characters</source>
      <translation>全部字符</translation>
    </message>
    <message>
      <source>as it is</source>
      <translation>原样</translation>
    </message>
    <message>
      <source>compact blocks</source>
      <translation>紧凑模块</translation>
    </message>
    <message>
      <source>parsimonious blocks</source>
      <translation>精简模块</translation>
    </message>
    <message>
      <source>your hand</source>
      <translation>您的笔迹</translation>
    </message>
    <message>
      <source>{percent} % dropped</source>
      <translation>去掉 {percent}%</translation>
    </message>
  </context>
  <context>
    <name>TrainingOutcome</name>
    <message>
      <source>Read wrong before, and right now, of the samples kept for the examination:</source>
      <translation>留作检验的样本中，以前认错、现在认对的：</translation>
    </message>
    <message>
      <source>What is read right now</source>
      <translation>现在认对的</translation>
    </message>
  </context>
  <context>
    <name>TrainingSamples</name>
    <message>
      <source>About {count} more samples, then a training is worth its time.</source>
      <translation>再有约 {count} 个样本，就值得训练了。</translation>
    </message>
    <message>
      <source>Collect samples…</source>
      <translation>采集样本…</translation>
    </message>
    <message>
      <source>Learned at once, without a training, and counted already: {characters} characters of your hand.</source>
      <translation>无需训练，已即时学会并用上：您手写的 {characters} 个字。</translation>
    </message>
    <message>
      <source>Learned at once, without a training, from what you chose: of your first 50 writings {first} were read right, of your last 50 {latest}.</source>
      <translation>无需训练，已即时从您的选择中学习：您最初写的 50 个字认对 {first}，最近的 50 个认对 {latest}。</translation>
    </message>
    <message>
      <source>Samples: {samples}. Characters: {characters}, of which {enough} have at least three.</source>
      <translation>样本：{samples}。字：{characters}，其中 {enough} 个至少有三个样本。</translation>
    </message>
    <message>
      <source>There are enough samples for a training.</source>
      <translation>样本足够训练了。</translation>
    </message>
    <message>
      <source>There are no samples yet. Write a character in the window and choose what it is: each choice is a sample. A character needs three of them.</source>
      <translation>还没有样本。在窗口中写一个字并选定它是什么：每次选定就是一个样本。每个字需要三个样本。</translation>
    </message>
    <message>
      <source>What you choose is learned at once, too, without a training.</source>
      <translation>您的选择也会即时学习，无需训练。</translation>
    </message>
  </context>
  <context>
    <name>WriteBar</name>
    <message>
      <source>A column</source>
      <translation>一列</translation>
    </message>
    <message>
      <source>A row</source>
      <translation>一行</translation>
    </message>
    <message>
      <source>Field 田</source>
      <translation>田字格</translation>
    </message>
    <message>
      <source>Guides</source>
      <translation>格线</translation>
    </message>
    <message>
      <source>More</source>
      <translation>更多</translation>
    </message>
    <message>
      <source>None</source>
      <translation>无</translation>
    </message>
    <message>
      <source>One character</source>
      <translation>一个字</translation>
    </message>
    <message>
      <source>Rice 米</source>
      <translation>米字格</translation>
    </message>
    <message>
      <source>Writing</source>
      <translation>书写方式</translation>
    </message>
  </context>
  <context>
    <name>WriteRoom</name>
    <message>
      <source>Candidates</source>
      <translation>候选字</translation>
    </message>
    <message>
      <source>Characters of the row</source>
      <translation>这一行的字</translation>
    </message>
    <message>
      <source>Clear</source>
      <translation>清除</translation>
    </message>
    <message>
      <source>Copy the text</source>
      <translation>复制文本</translation>
    </message>
    <message>
      <source>Handwriting pad</source>
      <translation>手写板</translation>
    </message>
    <message>
      <source>Likelier candidates</source>
      <translation>更可能的候选</translation>
    </message>
    <message>
      <source>More candidates</source>
      <translation>更多候选</translation>
    </message>
    <message>
      <source>Not among them? Type it and press Enter</source>
      <translation>不在其中？输入它并按回车</translation>
    </message>
    <message>
      <source>Open…</source>
      <translation>打开…</translation>
    </message>
    <message>
      <source>Paste</source>
      <translation>粘贴</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>重做</translation>
    </message>
    <message>
      <source>Replay the writing</source>
      <translation>重放书写过程</translation>
    </message>
    <message>
      <source>Save the writing…</source>
      <translation>保存笔迹…</translation>
    </message>
    <message>
      <source>Take what is written</source>
      <translation>采用所写内容</translation>
    </message>
    <message>
      <source>The model is being loaded…</source>
      <translation>模型正在载入…</translation>
    </message>
    <message>
      <source>The right character</source>
      <translation>正确的字</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>撤销</translation>
    </message>
    <message>
      <source>Write a character. Keys 1 to 9 choose, Enter or space takes the first.</source>
      <translation>写一个字。按 1 到 9 选择，回车或空格取第一个。</translation>
    </message>
    <message>
      <source>Write a character. The model is being loaded…</source>
      <translation>写一个字。模型正在载入…</translation>
    </message>
    <message>
      <source>Write several characters. Keys 1 to 9 correct the marked one, Enter takes the row.</source>
      <translation>写几个字。按 1 到 9 改正标出的字，按回车取用整行。</translation>
    </message>
  </context>
  <context>
    <name>errors</name>
    <message>
      <source>--compare takes no --out, --template, --font, --prune or --blocks.</source>
      <translation>--compare 不能与 --out、--template、--font、--prune 或 --blocks 同用。</translation>
    </message>
    <message>
      <source>--watch does not go with --cluster.</source>
      <translation>--watch 不能与 --cluster 同用。</translation>
    </message>
    <message>
      <source>A batch of {count} cannot be shared out evenly among {processes} processes.</source>
      <translation>一批 {count} 个样本无法平均分给 {processes} 个进程。</translation>
    </message>
    <message>
      <source>A file's name is no text.</source>
      <translation>文件名不是文字。</translation>
    </message>
    <message>
      <source>A glyph needs a gray picture, not {dtype} of shape {shape}.</source>
      <translation>字形须为灰度图，不能是形状为 {shape} 的 {dtype}。</translation>
    </message>
    <message>
      <source>A glyph of {width} × {height} px is too large for GNT.</source>
      <translation>{width} × {height} 像素的字形超出了 GNT 的范围。</translation>
    </message>
    <message>
      <source>A model input of {size} px with a margin of {margin} px is not possible.</source>
      <translation>模型输入不能是 {size} 像素加 {margin} 像素边距。</translation>
    </message>
    <message>
      <source>A network cannot grow by pruning.</source>
      <translation>剪枝不能让网络变大。</translation>
    </message>
    <message>
      <source>A network of the application is missing.</source>
      <translation>缺少应用程序的一个网络。</translation>
    </message>
    <message>
      <source>A picture of {dtype} with shape {shape} cannot be read as a glyph.</source>
      <translation>形状为 {shape} 的 {dtype} 图片不能作为字形。</translation>
    </message>
    <message>
      <source>A pruning ratio of {ratio} is not possible.</source>
      <translation>剪枝比例不能是 {ratio}。</translation>
    </message>
    <message>
      <source>A request asks for nothing, or for several things.</source>
      <translation>请求没有要求任何内容，或要求了多项。</translation>
    </message>
    <message>
      <source>A request has unknown keys: {keys}.</source>
      <translation>请求含有未知的键：{keys}。</translation>
    </message>
    <message>
      <source>A request is no JSON.</source>
      <translation>请求不是 JSON。</translation>
    </message>
    <message>
      <source>A request is no object.</source>
      <translation>请求不是对象。</translation>
    </message>
    <message>
      <source>A request is too long.</source>
      <translation>请求太长。</translation>
    </message>
    <message>
      <source>A sample is one character.</source>
      <translation>一个样本是一个字。</translation>
    </message>
    <message>
      <source>A scale has to be positive.</source>
      <translation>比例须为正数。</translation>
    </message>
    <message>
      <source>A sheet holds 1 to {most} characters.</source>
      <translation>一张字帖可容 1 到 {most} 个字。</translation>
    </message>
    <message>
      <source>A stroke has coordinates that are not numbers or lie beyond any canvas.</source>
      <translation>有一笔的坐标不是数字，或超出了画布范围。</translation>
    </message>
    <message>
      <source>A stroke has no points.</source>
      <translation>有一笔没有任何点。</translation>
    </message>
    <message>
      <source>A stroke has points that are not numbers or differ in length.</source>
      <translation>有一笔的点不是数字，或长短不一。</translation>
    </message>
    <message>
      <source>A stroke needs points of 2 to 4 numbers, not an array of shape {shape}.</source>
      <translation>笔画的每个点须为 2 至 4 个数字，而不是形状为 {shape} 的数组。</translation>
    </message>
    <message>
      <source>A study needs samples for the test and others for choices.</source>
      <translation>一项研究需要用于测试的样本和另外用于选择的样本。</translation>
    </message>
    <message>
      <source>A training is at work.</source>
      <translation>训练正在进行。</translation>
    </message>
    <message>
      <source>All four corner marks and the strip between the upper two must be on the picture.</source>
      <translation>四个角上的标记和上边两个标记之间的条码都要在图上。</translation>
    </message>
    <message>
      <source>Allow more characters.</source>
      <translation>请放宽字符范围。</translation>
    </message>
    <message>
      <source>An ink file holds strokes, not pictures.</source>
      <translation>笔迹文件只能存放笔画，不能存放图片。</translation>
    </message>
    <message>
      <source>Another batch is writing into {path}.</source>
      <translation>另一个批处理正在写入 {path}。</translation>
    </message>
    <message>
      <source>Another model named {id} is installed already.</source>
      <translation>已装有另一个名为 {id} 的模型。</translation>
    </message>
    <message>
      <source>Another training is at work in {name}.</source>
      <translation>{name} 中正在进行另一个训练。</translation>
    </message>
    <message>
      <source>Another training is at work.</source>
      <translation>另一次训练正在进行。</translation>
    </message>
    <message>
      <source>Another window of this program keeps the open pages.</source>
      <translation>本程序的另一个窗口正在保存打开的页面。</translation>
    </message>
    <message>
      <source>Ask for 1 to {limit}.</source>
      <translation>请在 1 至 {limit} 之间选择。</translation>
    </message>
    <message>
      <source>Ask for a smaller budget, or give a wider baseline.</source>
      <translation>请减小压缩倍数，或使用更宽的基准网络。</translation>
    </message>
    <message>
      <source>Ask for others, or leave --only and --characters out.</source>
      <translation>请改要别的字，或去掉 --only 和 --characters。</translation>
    </message>
    <message>
      <source>Begin the run anew.</source>
      <translation>请重新开始训练。</translation>
    </message>
    <message>
      <source>Call the command above in a terminal.</source>
      <translation>请在终端中运行上面的命令。</translation>
    </message>
    <message>
      <source>Called again, it goes on where it was.</source>
      <translation>再次调用时会从停下的地方继续。</translation>
    </message>
    <message>
      <source>Check its permissions.</source>
      <translation>请检查其权限。</translation>
    </message>
    <message>
      <source>Check the file.</source>
      <translation>请检查该文件。</translation>
    </message>
    <message>
      <source>Check the name.</source>
      <translation>请检查名称。</translation>
    </message>
    <message>
      <source>Check the paths and the alphabet of the configuration.</source>
      <translation>请检查配置中的路径和字符集。</translation>
    </message>
    <message>
      <source>Choose 0 or more and less than 1.</source>
      <translation>请选择大于等于 0 且小于 1 的数。</translation>
    </message>
    <message>
      <source>Choose a batch_size that is a multiple of the number of processes.</source>
      <translation>请让 batch_size 为进程数的倍数。</translation>
    </message>
    <message>
      <source>Choose a folder that you may write to.</source>
      <translation>请选择有写入权限的文件夹。</translation>
    </message>
    <message>
      <source>Choose a list, or type the characters.</source>
      <translation>请选择一个字表，或输入要写的字。</translation>
    </message>
    <message>
      <source>Choose a teacher that knows all of the student's, or a smaller alphabet.</source>
      <translation>请选择认识学生网络全部字符的教师，或较小的字符集。</translation>
    </message>
    <message>
      <source>Choose another folder, or a checkpoint of a run of the same network.</source>
      <translation>请选择另一个文件夹，或同一种网络的训练检查点。</translation>
    </message>
    <message>
      <source>Choose another folder, or ask for what is there.</source>
      <translation>请选择另一个文件夹，或改回与其中内容相同的设置。</translation>
    </message>
    <message>
      <source>Choose another folder, or go on with --resume.</source>
      <translation>请选择另一个文件夹，或用 --resume 继续。</translation>
    </message>
    <message>
      <source>Choose another folder, or remove this file: then it is measured again.</source>
      <translation>请选择另一个文件夹，或删除这个文件：之后会重新测量。</translation>
    </message>
    <message>
      <source>Choose another folder.</source>
      <translation>请选择另一个文件夹。</translation>
    </message>
    <message>
      <source>Choose another list, or type your own.</source>
      <translation>请选择另一个字表，或自己输入。</translation>
    </message>
    <message>
      <source>Choose another name, or remove the old bundle.</source>
      <translation>请换一个名称，或移除原有的模型。</translation>
    </message>
    <message>
      <source>Choose another name, or write over it: --force.</source>
      <translation>请另取名称，或用 --force 覆盖。</translation>
    </message>
    <message>
      <source>Choose of {choices}.</source>
      <translation>可选：{choices}。</translation>
    </message>
    <message>
      <source>Choose of {known}, or give a TOML file.</source>
      <translation>可选：{known}；也可以给出 TOML 文件。</translation>
    </message>
    <message>
      <source>Choose of {known}.</source>
      <translation>请从 {known} 中选择。</translation>
    </message>
    <message>
      <source>Choose one in the list.</source>
      <translation>请在列表中选择一个。</translation>
    </message>
    <message>
      <source>Choose other blocks, or drop channels.</source>
      <translation>请选择其他模块，或者裁剪通道。</translation>
    </message>
    <message>
      <source>Choose the name of a file.</source>
      <translation>请选择一个文件名。</translation>
    </message>
    <message>
      <source>Close it, then call this again.</source>
      <translation>请先关闭窗口，再执行此命令。</translation>
    </message>
    <message>
      <source>Collect more: of about forty a quarter is held out.</source>
      <translation>请多采集一些：四十个左右中有四分之一留作检验。</translation>
    </message>
    <message>
      <source>Collect or import some: of each character a quarter is kept for that, one of three.</source>
      <translation>请采集或导入一些：每个字的四分之一（三个中的一个）留作此用。</translation>
    </message>
    <message>
      <source>Collect some first, or show others.</source>
      <translation>请先采集一些样本，或显示其他样本。</translation>
    </message>
    <message>
      <source>Coordinates must be finite and within ±{limit}.</source>
      <translation>坐标须为有限数，且在 ±{limit} 以内。</translation>
    </message>
    <message>
      <source>Copy a picture, or files of pages, first.</source>
      <translation>请先复制图片或页面文件。</translation>
    </message>
    <message>
      <source>Copy an image first.</source>
      <translation>请先复制一幅图片。</translation>
    </message>
    <message>
      <source>Copy it again.</source>
      <translation>请重新复制。</translation>
    </message>
    <message>
      <source>Copy or download it again.</source>
      <translation>请重新复制或下载。</translation>
    </message>
    <message>
      <source>Copy or download the file again.</source>
      <translation>请重新复制或下载该文件。</translation>
    </message>
    <message>
      <source>Crop it, or scan at a lower density.</source>
      <translation>请裁剪，或以较低的分辨率扫描。</translation>
    </message>
    <message>
      <source>Draw the ink first, or write InkML.</source>
      <translation>请先把笔迹画成图片，或改用 InkML。</translation>
    </message>
    <message>
      <source>Each line must be one JSON object.</source>
      <translation>每行须为一个 JSON 对象。</translation>
    </message>
    <message>
      <source>Each line needs `strokes` and `char`.</source>
      <translation>每行须有 `strokes` 和 `char`。</translation>
    </message>
    <message>
      <source>Each needs the keys {keys}.</source>
      <translation>每一项都须有键 {keys}。</translation>
    </message>
    <message>
      <source>End its name in .svg, .inkml or .png.</source>
      <translation>请让文件名以 .svg、.inkml 或 .png 结尾。</translation>
    </message>
    <message>
      <source>End its name in one of {known}.</source>
      <translation>请让文件名以下列之一结尾：{known}。</translation>
    </message>
    <message>
      <source>Export it again with the trainer of this version, or update the application.</source>
      <translation>请用本版本的训练器重新导出，或更新应用程序。</translation>
    </message>
    <message>
      <source>Export it again with this trainer.</source>
      <translation>请用本训练器重新导出。</translation>
    </message>
    <message>
      <source>Export it again.</source>
      <translation>请重新导出。</translation>
    </message>
    <message>
      <source>Export it with the trainer.</source>
      <translation>请用训练器导出。</translation>
    </message>
    <message>
      <source>Export the ink again, as one file.</source>
      <translation>请将笔迹重新导出为一个文件。</translation>
    </message>
    <message>
      <source>Export the ink again.</source>
      <translation>请重新导出笔迹。</translation>
    </message>
    <message>
      <source>Export the ink as it was written.</source>
      <translation>请按书写原样导出笔迹。</translation>
    </message>
    <message>
      <source>Export the ink with positions.</source>
      <translation>请导出带坐标的笔迹。</translation>
    </message>
    <message>
      <source>Export this one under another name.</source>
      <translation>请用另一个名称导出。</translation>
    </message>
    <message>
      <source>Fetch it again.</source>
      <translation>请重新获取。</translation>
    </message>
    <message>
      <source>Form {number} of {count}: {name}.</source>
      <translation>第 {number} 种形式，共 {count} 种：{name}。</translation>
    </message>
    <message>
      <source>Free some space on the disk.</source>
      <translation>请腾出一些磁盘空间。</translation>
    </message>
    <message>
      <source>Free some space, and save the text before you close the program.</source>
      <translation>请腾出一些空间，并在关闭程序前保存文本。</translation>
    </message>
    <message>
      <source>Free some space, or move the file away: a new one will be made.</source>
      <translation>请腾出一些空间，或把该文件移走：程序会新建一个。</translation>
    </message>
    <message>
      <source>GNT holds one character of GBK a record, not “{character}”.</source>
      <translation>GNT 每条记录只能存一个 GBK 字符，不能存“{character}”。</translation>
    </message>
    <message>
      <source>GNT holds pictures, not ink.</source>
      <translation>GNT 只能存放图片，不能存放笔迹。</translation>
    </message>
    <message>
      <source>Give GNT, labeled ink, or images named by character.</source>
      <translation>请提供 GNT、带标注的笔迹，或以字命名的图片。</translation>
    </message>
    <message>
      <source>Give TrueType or OpenType files.</source>
      <translation>请提供 TrueType 或 OpenType 文件。</translation>
    </message>
    <message>
      <source>Give a checkpoint, or the folder of a run.</source>
      <translation>请给出检查点，或一次训练的文件夹。</translation>
    </message>
    <message>
      <source>Give a file, or a folder of files.</source>
      <translation>请给出文件，或含有文件的文件夹。</translation>
    </message>
    <message>
      <source>Give a file.</source>
      <translation>请提供文件。</translation>
    </message>
    <message>
      <source>Give a folder of images.</source>
      <translation>请提供图片文件夹。</translation>
    </message>
    <message>
      <source>Give a folder outside of those that are read.</source>
      <translation>请给出不在所读文件夹之内的文件夹。</translation>
    </message>
    <message>
      <source>Give a list of strokes, each a list of points.</source>
      <translation>请给出笔画的列表，每一笔是点的列表。</translation>
    </message>
    <message>
      <source>Give a model that was made for it.</source>
      <translation>请给出为此制作的模型。</translation>
    </message>
    <message>
      <source>Give a path.</source>
      <translation>请给出路径。</translation>
    </message>
    <message>
      <source>Give a shorter text.</source>
      <translation>请给出较短的文字。</translation>
    </message>
    <message>
      <source>Give a smaller file.</source>
      <translation>请换一个较小的文件。</translation>
    </message>
    <message>
      <source>Give a source a test_share.</source>
      <translation>请给某个来源设置 test_share。</translation>
    </message>
    <message>
      <source>Give a table of ideographic descriptions.</source>
      <translation>请提供汉字结构描述表。</translation>
    </message>
    <message>
      <source>Give a whole number from 1 on.</source>
      <translation>请给出从 1 起的整数。</translation>
    </message>
    <message>
      <source>Give an InkML file.</source>
      <translation>请提供 InkML 文件。</translation>
    </message>
    <message>
      <source>Give an archive of images.</source>
      <translation>请提供存放图片的压缩包。</translation>
    </message>
    <message>
      <source>Give at least three samples of a character.</source>
      <translation>每个字至少给出三个样本。</translation>
    </message>
    <message>
      <source>Give each point as x, y, and optionally time and pressure.</source>
      <translation>每个点写作 x、y，可再加时间和压力。</translation>
    </message>
    <message>
      <source>Give it another name where it is another picture, or open the folder in the window: Read again reads it.</source>
      <translation>如果是另一张图片，请给它另取名称；或在窗口中打开该文件夹，用“重新识别”识别它。</translation>
    </message>
    <message>
      <source>Give just one.</source>
      <translation>请只给一个字。</translation>
    </message>
    <message>
      <source>Give labeled samples.</source>
      <translation>请提供带标注的样本。</translation>
    </message>
    <message>
      <source>Give last.pt or best.pt of a run of `fit`.</source>
      <translation>请提供某次 `fit` 训练的 last.pt 或 best.pt。</translation>
    </message>
    <message>
      <source>Give one of {known}.</source>
      <translation>请给出 {known} 之一。</translation>
    </message>
    <message>
      <source>Give photographs.</source>
      <translation>请提供照片。</translation>
    </message>
    <message>
      <source>Give samples of at least two characters.</source>
      <translation>请提供至少两个字的样本。</translation>
    </message>
    <message>
      <source>Give samples, --template, or --font with --characters.</source>
      <translation>请提供样本、--template，或 --font 加 --characters。</translation>
    </message>
    <message>
      <source>Give samples, or the replay bank.</source>
      <translation>请提供样本或回放库。</translation>
    </message>
    <message>
      <source>Give smaller `inner` widths.</source>
      <translation>请给出较小的 `inner` 宽度。</translation>
    </message>
    <message>
      <source>Give strokes, a file or a page.</source>
      <translation>请给出笔画、文件或页面。</translation>
    </message>
    <message>
      <source>Give test_share and validation_share.</source>
      <translation>请给出 test_share 和 validation_share。</translation>
    </message>
    <message>
      <source>Give text files in UTF-8.</source>
      <translation>请提供 UTF-8 文本文件。</translation>
    </message>
    <message>
      <source>Give text in UTF-8, plain or gzipped.</source>
      <translation>请提供 UTF-8 文本，可用 gzip 压缩。</translation>
    </message>
    <message>
      <source>Give that folder its model's name.</source>
      <translation>请把该文件夹改为其中模型的名称。</translation>
    </message>
    <message>
      <source>Give the folder of a model, with its manifest.</source>
      <translation>请提供带清单的模型文件夹。</translation>
    </message>
    <message>
      <source>Give the folder or zip of a model.</source>
      <translation>请提供模型的文件夹或 zip。</translation>
    </message>
    <message>
      <source>Give the folder or zip that the trainer exported.</source>
      <translation>请提供训练器导出的文件夹或 zip。</translation>
    </message>
    <message>
      <source>Give the name of a new folder.</source>
      <translation>请给出一个新文件夹的名字。</translation>
    </message>
    <message>
      <source>Give the path of a TOML file.</source>
      <translation>请给出 TOML 文件的路径。</translation>
    </message>
    <message>
      <source>Give uint8 pixels of shape (height, width).</source>
      <translation>请提供形状为（高，宽）的 uint8 像素。</translation>
    </message>
    <message>
      <source>Give uint8 pixels, gray or RGB, with or without alpha.</source>
      <translation>请提供 uint8 像素，灰度或 RGB，可带透明度。</translation>
    </message>
    <message>
      <source>Images, GNT, InkML and ink as JSON lines can be read; pages in PDFs and archives by `hccr batch`.</source>
      <translation>可以识别图片、GNT、InkML 和 JSON 行格式的笔迹；PDF 和压缩包中的页面请用 `hccr batch`。</translation>
    </message>
    <message>
      <source>Ink of every label goes into a .jsonl file, pictures of one character into a folder.</source>
      <translation>任何标签的笔迹都可存为 .jsonl 文件，单字图片可存入文件夹。</translation>
    </message>
    <message>
      <source>InkML holds strokes, not pictures.</source>
      <translation>InkML 只能存放笔画，不能存放图片。</translation>
    </message>
    <message>
      <source>Install it again, or choose another: `hccr models activate ID`, or --model.</source>
      <translation>请重新安装它，或选择另一个：`hccr models activate ID`，或用 --model。</translation>
    </message>
    <message>
      <source>Install it: the guide says how.</source>
      <translation>请安装训练器，使用指南中有说明。</translation>
    </message>
    <message>
      <source>Install rapidocr again.</source>
      <translation>请重新安装 rapidocr。</translation>
    </message>
    <message>
      <source>Install the application again, or a model with `hccr models install`.</source>
      <translation>请重新安装本程序，或用 `hccr models install` 安装模型。</translation>
    </message>
    <message>
      <source>Install the application again.</source>
      <translation>请重新安装程序。</translation>
    </message>
    <message>
      <source>Install the model again.</source>
      <translation>请重新安装该模型。</translation>
    </message>
    <message>
      <source>Install the newest version; the file stays as it is.</source>
      <translation>请安装最新版本；该文件保持原样。</translation>
    </message>
    <message>
      <source>It cannot be read ({reason}).</source>
      <translation>无法读取（{reason}）。</translation>
    </message>
    <message>
      <source>It cannot be shown that {name} answers alike on all processors.</source>
      <translation>无法证明 {name} 在所有处理器上结果相同。</translation>
    </message>
    <message>
      <source>It needs the network and about 6 GB of disk; the command above can be called in a terminal, too.</source>
      <translation>这需要网络和约 6 GB 磁盘空间；上面的命令也可以在终端中运行。</translation>
    </message>
    <message>
      <source>It was looked through in the window and is not read over; {formats} is not made of it.</source>
      <translation>该页已在窗口中核对，不再重新识别；没有生成 {formats}。</translation>
    </message>
    <message>
      <source>It was lost on the cluster ({reason}).</source>
      <translation>它在集群上丢失了（{reason}）。</translation>
    </message>
    <message>
      <source>Its characters are remembered where it was printed.</source>
      <translation>字帖上的字只记在打印它的那台电脑上。</translation>
    </message>
    <message>
      <source>Its file was changed since somebody looked through it, and is not read over that.</source>
      <translation>文件在核对之后有了变化，不会覆盖核对过的结果。</translation>
    </message>
    <message>
      <source>Keep its logits instead.</source>
      <translation>请改为保留它的 logits。</translation>
    </message>
    <message>
      <source>Keys cannot be pressed in other programs here ({why}).</source>
      <translation>这里无法在其他程序中模拟按键（{why}）。</translation>
    </message>
    <message>
      <source>Leave empty ink out.</source>
      <translation>请去掉空笔迹。</translation>
    </message>
    <message>
      <source>Leave empty strokes out.</source>
      <translation>请去掉空笔画。</translation>
    </message>
    <message>
      <source>Leave other sources out, or prenormalized.</source>
      <translation>请去掉其他来源，或去掉 prenormalized。</translation>
    </message>
    <message>
      <source>Leave them out.</source>
      <translation>请去掉它们。</translation>
    </message>
    <message>
      <source>Left out, new ones take three samples each: {characters}</source>
      <translation>已略去，新字每个需要三个样本：{characters}</translation>
    </message>
    <message>
      <source>Left out, the model does not know them: {characters}</source>
      <translation>已略过模型不认识的字：{characters}</translation>
    </message>
    <message>
      <source>Left out, they are not one character: {labels}</source>
      <translation>已略去，标签不是单个字：{labels}</translation>
    </message>
    <message>
      <source>Lines are looked for by one network alone: {reason}</source>
      <translation>只由一个网络寻找各行：{reason}</translation>
    </message>
    <message>
      <source>Lower the learning rate, or begin anew with another seed; the last checkpoint is good.</source>
      <translation>请降低学习率，或换一个随机种子重新开始；最后的检查点是好的。</translation>
    </message>
    <message>
      <source>Match the features of a teacher with the same widths.</source>
      <translation>请与各层宽度相同的教师对齐特征。</translation>
    </message>
    <message>
      <source>Name images or their folders like 京 or U+4EAC.</source>
      <translation>请以 京 或 U+4EAC 这样的名称命名图片或其文件夹。</translation>
    </message>
    <message>
      <source>Name teachers out of {known} in the table committee.</source>
      <translation>请在 committee 表中从 {known} 里指定教师。</translation>
    </message>
    <message>
      <source>Names are letters, digits, . _ and -, at most 64.</source>
      <translation>名称只能含字母、数字、. _ 和 -，最多 64 个。</translation>
    </message>
    <message>
      <source>Names are letters, digits, . _ and -.</source>
      <translation>名称只能用字母、数字和 . _ -。</translation>
    </message>
    <message>
      <source>No CUDA device is available.</source>
      <translation>没有可用的 CUDA 设备。</translation>
    </message>
    <message>
      <source>No address is set to look characters up.</source>
      <translation>没有设置查字的网址。</translation>
    </message>
    <message>
      <source>No characters were found on pictures in {name}.</source>
      <translation>在 {name} 的图片中没有找到字。</translation>
    </message>
    <message>
      <source>No choice of compact blocks is {budget} times smaller than the baseline.</source>
      <translation>没有任何紧凑模块的组合能比基准网络小 {budget} 倍。</translation>
    </message>
    <message>
      <source>No model is chosen.</source>
      <translation>没有选择模型。</translation>
    </message>
    <message>
      <source>No model is installed.</source>
      <translation>没有安装任何模型。</translation>
    </message>
    <message>
      <source>No other model was active before.</source>
      <translation>此前没有启用过其他模型。</translation>
    </message>
    <message>
      <source>No page is read yet.</source>
      <translation>还没有识别任何页面。</translation>
    </message>
    <message>
      <source>No sample is of a character that {name} knows.</source>
      <translation>样本中没有 {name} 认识的字。</translation>
    </message>
    <message>
      <source>No training samples were found.</source>
      <translation>没有找到训练样本。</translation>
    </message>
    <message>
      <source>Not everything could be deleted ({what}).</source>
      <translation>没能全部删除（{what}）。</translation>
    </message>
    <message>
      <source>Of the samples {count} are held out, too few to examine a model on.</source>
      <translation>留作检验的样本只有 {count} 个，太少，无法检验模型。</translation>
    </message>
    <message>
      <source>Of the {count} pictures in {name} only the first is read.</source>
      <translation>{name} 含有 {count} 张图片，只识别第一张。</translation>
    </message>
    <message>
      <source>Of {count} files with characters the first was opened: {name}.</source>
      <translation>{count} 个含字的文件中只打开了第一个：{name}。</translation>
    </message>
    <message>
      <source>Only `inner` may differ.</source>
      <translation>只有 `inner` 可以不同。</translation>
    </message>
    <message>
      <source>Only scans can be normalized once.</source>
      <translation>只有扫描图可以只规范化一次。</translation>
    </message>
    <message>
      <source>Only the first {count} pages of {name} can be read.</source>
      <translation>{name} 只能读取前 {count} 页。</translation>
    </message>
    <message>
      <source>Open a scan, a photograph or a folder of them.</source>
      <translation>请打开扫描件、照片或存放它们的文件夹。</translation>
    </message>
    <message>
      <source>Open an image of one character.</source>
      <translation>请打开单字图片。</translation>
    </message>
    <message>
      <source>Open the folder in the window, and save the page there.</source>
      <translation>请在窗口中打开该文件夹，并在那里保存该页。</translation>
    </message>
    <message>
      <source>Open their files again.</source>
      <translation>请重新打开这些文件。</translation>
    </message>
    <message>
      <source>PNG, JPEG, BMP, GIF, TIFF, WebP, JPEG 2000, AVIF and PPM can be read.</source>
      <translation>可以读取 PNG、JPEG、BMP、GIF、TIFF、WebP、JPEG 2000、AVIF 和 PPM。</translation>
    </message>
    <message>
      <source>PP-OCRv6 is not installed.</source>
      <translation>没有安装 PP-OCRv6。</translation>
    </message>
    <message>
      <source>Page {number} of {name} has no size.</source>
      <translation>{name} 的第 {number} 页没有尺寸。</translation>
    </message>
    <message>
      <source>Page {number} of {name} is damaged.</source>
      <translation>{name} 的第 {number} 页已损坏。</translation>
    </message>
    <message>
      <source>Please report it.</source>
      <translation>请报告此问题。</translation>
    </message>
    <message>
      <source>Prune a network of basic blocks or bottlenecks.</source>
      <translation>请对由基本块或瓶颈块组成的网络剪枝。</translation>
    </message>
    <message>
      <source>Put at least two into {folder}.</source>
      <translation>请在 {folder} 中放入至少两个。</translation>
    </message>
    <message>
      <source>Put one into Settings, under Writing; a pair of braces in it stands for the character.</source>
      <translation>请在“设置”的“书写方式”里填入；其中一对花括号代表要查的字。</translation>
    </message>
    <message>
      <source>Quantize the network again with this trainer.</source>
      <translation>请用本训练器重新量化该网络。</translation>
    </message>
    <message>
      <source>Quantize the network with this trainer.</source>
      <translation>请用本训练器量化该网络。</translation>
    </message>
    <message>
      <source>Ray is not installed.</source>
      <translation>没有安装 Ray。</translation>
    </message>
    <message>
      <source>Read it again.</source>
      <translation>请重新识别。</translation>
    </message>
    <message>
      <source>Remove it; it is made again.</source>
      <translation>请删除它；程序会重新生成。</translation>
    </message>
    <message>
      <source>Remove or replace them.</source>
      <translation>请移除或替换它们。</translation>
    </message>
    <message>
      <source>Report it, with the picture.</source>
      <translation>请连同图片一起报告此问题。</translation>
    </message>
    <message>
      <source>Report it, with the versions of torch and onnxruntime.</source>
      <translation>请报告此问题，并附上 torch 和 onnxruntime 的版本。</translation>
    </message>
    <message>
      <source>Rows are read by the program's own network, which errs more often: {reason}</source>
      <translation>横排改由程序自己的网络识别，错误较多：{reason}</translation>
    </message>
    <message>
      <source>Run the batch again, with --force, or open the pictures themselves.</source>
      <translation>请加 --force 重新运行批处理，或直接打开图片。</translation>
    </message>
    <message>
      <source>Save it again, or split it.</source>
      <translation>请重新保存，或将其拆分。</translation>
    </message>
    <message>
      <source>Save it again.</source>
      <translation>请重新保存。</translation>
    </message>
    <message>
      <source>Save it as JPEG or PNG; beside Python, `pip install pillow-heif` reads it.</source>
      <translation>请另存为 JPEG 或 PNG；用 Python 安装时，可执行 `pip install pillow-heif` 来读取。</translation>
    </message>
    <message>
      <source>Save it as PNG or JPEG.</source>
      <translation>请另存为 PNG 或 JPEG。</translation>
    </message>
    <message>
      <source>Save it in UTF-8.</source>
      <translation>请以 UTF-8 保存。</translation>
    </message>
    <message>
      <source>Save it smaller.</source>
      <translation>请保存得小一些。</translation>
    </message>
    <message>
      <source>Save it without one and try again.</source>
      <translation>请另存为不带密码的文件再试。</translation>
    </message>
    <message>
      <source>Save it without protection.</source>
      <translation>请去除保护后另存。</translation>
    </message>
    <message>
      <source>Save or copy it again.</source>
      <translation>请重新保存或复制。</translation>
    </message>
    <message>
      <source>Save the others as files of their own.</source>
      <translation>请把其他图片另存为单独的文件。</translation>
    </message>
    <message>
      <source>Save the page under another name.</source>
      <translation>请用另一个名字保存该页。</translation>
    </message>
    <message>
      <source>See trainer/config.py for the keys.</source>
      <translation>各个键见 trainer/config.py。</translation>
    </message>
    <message>
      <source>Send at most {most} bytes.</source>
      <translation>最多发送 {most} 字节。</translation>
    </message>
    <message>
      <source>Send one a line, with strokes, a file or a page in it.</source>
      <translation>每行发送一个，其中含笔画、文件或页面。</translation>
    </message>
    <message>
      <source>Send one object a line.</source>
      <translation>每行发送一个对象。</translation>
    </message>
    <message>
      <source>Send them by a pipe.</source>
      <translation>请用管道发送。</translation>
    </message>
    <message>
      <source>Sheet {number} was not printed on this computer.</source>
      <translation>字帖 {number} 不是在这台电脑上打印的。</translation>
    </message>
    <message>
      <source>Something unexpected went wrong ({kind}: {error}).</source>
      <translation>发生了意外错误（{kind}：{error}）。</translation>
    </message>
    <message>
      <source>Split it, or give a smaller file.</source>
      <translation>请拆分它，或提供较小的文件。</translation>
    </message>
    <message>
      <source>Split it.</source>
      <translation>请拆分该文件。</translation>
    </message>
    <message>
      <source>Start it from a desktop session, or use the command line: hccr recognize FILE.</source>
      <translation>请在桌面会话中启动，或使用命令行：hccr recognize FILE。</translation>
    </message>
    <message>
      <source>Strokes are no list.</source>
      <translation>笔画不是列表。</translation>
    </message>
    <message>
      <source>Take smaller batches, or close other programs; the last checkpoint is good.</source>
      <translation>请减小批量，或关闭其他程序；最后的检查点是好的。</translation>
    </message>
    <message>
      <source>Text goes into the box below.</source>
      <translation>文字写在下面的框里。</translation>
    </message>
    <message>
      <source>The alphabet has {count} character(s); there is nothing to tell apart.</source>
      <translation>字符集只有 {count} 个字，没有可区分的。</translation>
    </message>
    <message>
      <source>The bank has no answers of {name}.</source>
      <translation>课程库中没有 {name} 的答案。</translation>
    </message>
    <message>
      <source>The canary of {id} is damaged.</source>
      <translation>{id} 的校验样本已损坏。</translation>
    </message>
    <message>
      <source>The character is on the clipboard: paste it there.</source>
      <translation>字已在剪贴板上：请在那里粘贴。</translation>
    </message>
    <message>
      <source>The character table is empty or has blank entries.</source>
      <translation>字表为空或含有空白项。</translation>
    </message>
    <message>
      <source>The character table names a character twice.</source>
      <translation>字表中有重复的字。</translation>
    </message>
    <message>
      <source>The character table of {id} does not belong to it.</source>
      <translation>{id} 的字表与模型不符。</translation>
    </message>
    <message>
      <source>The clipboard holds no image.</source>
      <translation>剪贴板中没有图片。</translation>
    </message>
    <message>
      <source>The clipboard holds no picture and no files.</source>
      <translation>剪贴板中没有图片，也没有文件。</translation>
    </message>
    <message>
      <source>The dictionary's file {name} cannot be read.</source>
      <translation>无法读取词典文件 {name}。</translation>
    </message>
    <message>
      <source>The exported model differs from torch by {difference} in a probability.</source>
      <translation>导出的模型与 torch 的概率相差 {difference}。</translation>
    </message>
    <message>
      <source>The file holds more than {most} characters.</source>
      <translation>文件中的字超过 {most} 个。</translation>
    </message>
    <message>
      <source>The file is damaged or no GNT file.</source>
      <translation>文件已损坏，或不是 GNT 文件。</translation>
    </message>
    <message>
      <source>The folder {name} holds another model.</source>
      <translation>文件夹 {name} 中是另一个模型。</translation>
    </message>
    <message>
      <source>The ink has {count} points, more than the {limit} allowed.</source>
      <translation>笔迹有 {count} 个点，超过了允许的 {limit} 个。</translation>
    </message>
    <message>
      <source>The installer does not start.</source>
      <translation>安装程序无法启动。</translation>
    </message>
    <message>
      <source>The journal in {path} cannot be used ({reason}).</source>
      <translation>{path} 中的日志无法使用（{reason}）。</translation>
    </message>
    <message>
      <source>The loss became {loss} at step {step}.</source>
      <translation>在第 {step} 步损失变成了 {loss}。</translation>
    </message>
    <message>
      <source>The manifest and the model file of {id} contradict each other.</source>
      <translation>{id} 的清单与模型文件互相矛盾。</translation>
    </message>
    <message>
      <source>The manifest of {name} is damaged or foreign.</source>
      <translation>{name} 的清单已损坏或来自别处。</translation>
    </message>
    <message>
      <source>The memory does not suffice for batches of {count}.</source>
      <translation>内存不够处理每批 {count} 个样本。</translation>
    </message>
    <message>
      <source>The model does not know {count} of the characters: {characters}.</source>
      <translation>其中 {count} 个字模型不认识：{characters}。</translation>
    </message>
    <message>
      <source>The model expects its input prepared in another way ({found}, here {own}).</source>
      <translation>该模型要求另一种输入预处理方式（{found}，此处为 {own}）。</translation>
    </message>
    <message>
      <source>The model file of {id} cannot be loaded.</source>
      <translation>无法载入 {id} 的模型文件。</translation>
    </message>
    <message>
      <source>The model file of {id} is not one of this application.</source>
      <translation>{id} 的模型文件不属于本程序。</translation>
    </message>
    <message>
      <source>The model file of {id} takes or gives other shapes than its manifest says.</source>
      <translation>{id} 的模型文件的输入或输出形状与清单不符。</translation>
    </message>
    <message>
      <source>The model file of {id} was changed or damaged.</source>
      <translation>{id} 的模型文件被改动或已损坏。</translation>
    </message>
    <message>
      <source>The model in use is as it was.</source>
      <translation>使用中的模型没有改变。</translation>
    </message>
    <message>
      <source>The model in use, {id}, is damaged.</source>
      <translation>正在使用的模型 {id} 已损坏。</translation>
    </message>
    <message>
      <source>The model in {name} has no usable name.</source>
      <translation>{name} 中的模型没有可用的名称。</translation>
    </message>
    <message>
      <source>The model is being loaded…</source>
      <translation>模型正在载入…</translation>
    </message>
    <message>
      <source>The model knows none of the characters asked for.</source>
      <translation>模型不认识所选范围里的任何字符。</translation>
    </message>
    <message>
      <source>The open pages cannot be kept in {path} ({reason}).</source>
      <translation>打开的页面无法保存到 {path}（{reason}）。</translation>
    </message>
    <message>
      <source>The open pages of last time are damaged; they were set aside as {name}.</source>
      <translation>上次打开的页面已损坏；已另存为 {name}。</translation>
    </message>
    <message>
      <source>The pictures of --debug would lie among the pages.</source>
      <translation>--debug 的图片会混在页面之中。</translation>
    </message>
    <message>
      <source>The samples in {path} are being used by another program.</source>
      <translation>{path} 中的样本正被另一个程序使用。</translation>
    </message>
    <message>
      <source>The samples in {path} cannot be used ({reason}).</source>
      <translation>{path} 中的样本无法使用（{reason}）。</translation>
    </message>
    <message>
      <source>The shard {name} is damaged.</source>
      <translation>分片 {name} 已损坏。</translation>
    </message>
    <message>
      <source>The stages of {name} are {widths} wide, not {wanted}.</source>
      <translation>{name} 各级的宽度是 {widths}，不是 {wanted}。</translation>
    </message>
    <message>
      <source>The study was stopped.</source>
      <translation>研究已停止。</translation>
    </message>
    <message>
      <source>The teacher {file} is missing.</source>
      <translation>缺少教师 {file}。</translation>
    </message>
    <message>
      <source>The teacher {name} does not know {count} characters: {characters}.</source>
      <translation>教师 {name} 不认识 {count} 个字：{characters}。</translation>
    </message>
    <message>
      <source>The teacher {name} takes input of {size} px, not of {wanted}.</source>
      <translation>教师 {name} 的输入是 {size} 像素，不是 {wanted} 像素。</translation>
    </message>
    <message>
      <source>The trainer cannot be started.</source>
      <translation>训练器无法启动。</translation>
    </message>
    <message>
      <source>The trainer could not be installed: {why}</source>
      <translation>训练器未能安装：{why}</translation>
    </message>
    <message>
      <source>The trainer ended unexpectedly (code {code}): {last}</source>
      <translation>训练器意外结束（代码 {code}）：{last}</translation>
    </message>
    <message>
      <source>The weights are of another architecture.</source>
      <translation>权重属于另一种网络结构。</translation>
    </message>
    <message>
      <source>The weights of {name} could overflow on older processors.</source>
      <translation>{name} 的权重在较旧的处理器上可能溢出。</translation>
    </message>
    <message>
      <source>The window is open, and would keep its text anew.</source>
      <translation>窗口仍然开着，会重新保存其中的文本。</translation>
    </message>
    <message>
      <source>There are no characters to write pages with.</source>
      <translation>没有可用来写页面的字。</translation>
    </message>
    <message>
      <source>There are no pictures in it.</source>
      <translation>里面没有图片。</translation>
    </message>
    <message>
      <source>There are no samples to compare the models on.</source>
      <translation>没有可用来比较模型的样本。</translation>
    </message>
    <message>
      <source>There are no samples to write.</source>
      <translation>没有可写出的样本。</translation>
    </message>
    <message>
      <source>There are no test samples to calibrate and compare with.</source>
      <translation>没有可用来校准和比较的测试样本。</translation>
    </message>
    <message>
      <source>There are {count} fonts for {script}.</source>
      <translation>{script} 只有 {count} 种字体。</translation>
    </message>
    <message>
      <source>There is no character to ask for.</source>
      <translation>没有要写的字。</translation>
    </message>
    <message>
      <source>There is no model named {name}.</source>
      <translation>没有名为 {name} 的模型。</translation>
    </message>
    <message>
      <source>There is no recipe {name}.</source>
      <translation>没有名为 {name} 的配方。</translation>
    </message>
    <message>
      <source>There is no screen to open a window on (DISPLAY is “{display}”).</source>
      <translation>没有可用的屏幕来打开窗口（DISPLAY 为“{display}”）。</translation>
    </message>
    <message>
      <source>There is no standard input to take requests from.</source>
      <translation>没有可以读取请求的标准输入。</translation>
    </message>
    <message>
      <source>There is no text to learn from.</source>
      <translation>没有可供学习的文本。</translation>
    </message>
    <message>
      <source>There is no writing to practice these characters with, they may be forgotten: {characters}</source>
      <translation>没有可供练习这些字的样本，它们可能会被遗忘：{characters}</translation>
    </message>
    <message>
      <source>There is no writing to save.</source>
      <translation>没有可保存的笔迹。</translation>
    </message>
    <message>
      <source>There is nothing to learn from.</source>
      <translation>没有可供学习的内容。</translation>
    </message>
    <message>
      <source>There is nothing written here.</source>
      <translation>这里什么也没有写。</translation>
    </message>
    <message>
      <source>This is no model of this application.</source>
      <translation>这不是本程序的模型。</translation>
    </message>
    <message>
      <source>This list is empty.</source>
      <translation>这个字表是空的。</translation>
    </message>
    <message>
      <source>This network has no channels to drop.</source>
      <translation>这个网络没有可去掉的通道。</translation>
    </message>
    <message>
      <source>This network has such blocks already, or none that they can stand in for.</source>
      <translation>这个网络已经使用这种模块，或者没有可替换的模块。</translation>
    </message>
    <message>
      <source>Train at its size, or choose another teacher.</source>
      <translation>请按它的尺寸训练，或选择另一个教师。</translation>
    </message>
    <message>
      <source>Train with the recipe that the bank was made by, or fill another.</source>
      <translation>请用制作该课程库的配方训练，或另行填充一个。</translation>
    </message>
    <message>
      <source>Training configuration: characters: {name} is no alphabet.</source>
      <translation>训练配置：characters：{name} 不是字符集。</translation>
    </message>
    <message>
      <source>Training configuration: {key}: {reason}.</source>
      <translation>训练配置：{key}：{reason}。</translation>
    </message>
    <message>
      <source>Try again in a moment.</source>
      <translation>请稍后再试。</translation>
    </message>
    <message>
      <source>Try again when it has ended.</source>
      <translation>等它结束后再试。</translation>
    </message>
    <message>
      <source>Unpack and split it.</source>
      <translation>请解压并拆分。</translation>
    </message>
    <message>
      <source>Unpack it and choose one.</source>
      <translation>请解压后选择其中一个。</translation>
    </message>
    <message>
      <source>Unpack it first.</source>
      <translation>请先将其解压。</translation>
    </message>
    <message>
      <source>Unpack it into the folder.</source>
      <translation>请解压到该文件夹。</translation>
    </message>
    <message>
      <source>Unpack the archive, and give what is in it.</source>
      <translation>请先解压，再打开其中的文件。</translation>
    </message>
    <message>
      <source>Update the application, or export the model again.</source>
      <translation>请更新本程序，或重新导出模型。</translation>
    </message>
    <message>
      <source>Use --charset union to teach them to it, or leave them out.</source>
      <translation>请用 --charset union 教给它，或去掉这些字。</translation>
    </message>
    <message>
      <source>Use --seeds N.</source>
      <translation>请用 --seeds N。</translation>
    </message>
    <message>
      <source>Use 1, or a small part such as 0.01.</source>
      <translation>请用 1，或 0.01 之类的较小比例。</translation>
    </message>
    <message>
      <source>Use a folder of images or InkML for it.</source>
      <translation>请改用图片文件夹或 InkML。</translation>
    </message>
    <message>
      <source>Use device = "auto" or "cpu".</source>
      <translation>请用 device = "auto" 或 "cpu"。</translation>
    </message>
    <message>
      <source>Use gb2312, gb2312-1, latin, sources or @FILE, joined by +.</source>
      <translation>请用 gb2312、gb2312-1、latin、sources 或 @FILE，以 + 相连。</translation>
    </message>
    <message>
      <source>Use gb2312-1 or lines.</source>
      <translation>请使用 gb2312-1 或 lines。</translation>
    </message>
    <message>
      <source>Wait for it, or choose another folder.</source>
      <translation>请等它结束，或选择另一个文件夹。</translation>
    </message>
    <message>
      <source>Wait for its end, or end it, then call this again.</source>
      <translation>请等它结束，或将它结束，然后再执行一次。</translation>
    </message>
    <message>
      <source>Wait for its end, or stop it.</source>
      <translation>请等待它结束，或停止它。</translation>
    </message>
    <message>
      <source>Wait until one is; nothing was written.</source>
      <translation>请等待识别完成；没有写入任何内容。</translation>
    </message>
    <message>
      <source>Watch on one computer, or leave --watch out.</source>
      <translation>请在一台电脑上监视，或去掉 --watch。</translation>
    </message>
    <message>
      <source>What is read and corrected here is gone when this one is closed; save it.</source>
      <translation>关闭此窗口后，这里识别和改正的内容将丢失；请保存。</translation>
    </message>
    <message>
      <source>Write one character at a time.</source>
      <translation>请一次只写一个字。</translation>
    </message>
    <message>
      <source>Write one character, or open an image with dark ink on light paper.</source>
      <translation>请写一个字，或打开浅底深字的图片。</translation>
    </message>
    <message>
      <source>Write one character, then type that one.</source>
      <translation>请先写一个字，再输入那一个字。</translation>
    </message>
    <message>
      <source>Write pictures as GNT or a folder.</source>
      <translation>图片请存为 GNT 或文件夹。</translation>
    </message>
    <message>
      <source>Write something first.</source>
      <translation>请先写点什么。</translation>
    </message>
    <message>
      <source>Write them as .jsonl, or fewer.</source>
      <translation>请写成 .jsonl，或减少数量。</translation>
    </message>
    <message>
      <source>`hccr models activate` chooses one.</source>
      <translation>可用 `hccr models activate` 选择。</translation>
    </message>
    <message>
      <source>`hccr models list` shows those at hand.</source>
      <translation>可用 `hccr models list` 查看现有模型。</translation>
    </message>
    <message>
      <source>`pip install rapidocr` installs it.</source>
      <translation>用 `pip install rapidocr` 安装。</translation>
    </message>
    <message>
      <source>`python -m trainer teach` fills it.</source>
      <translation>用 `python -m trainer teach` 填充它。</translation>
    </message>
    <message>
      <source>`python -m trainer teach` makes one.</source>
      <translation>可用 `python -m trainer teach` 生成。</translation>
    </message>
    <message>
      <source>pip install "hccr-desktop[cluster]" installs it.</source>
      <translation>用 pip install "hccr-desktop[cluster]" 安装。</translation>
    </message>
    <message>
      <source>{count} images could not be read, {first} first.</source>
      <translation>有 {count} 幅图片无法读取，第一幅是 {first}。</translation>
    </message>
    <message>
      <source>{count} samples are more than one InkML file may hold.</source>
      <translation>{count} 个样本超出了一个 InkML 文件所能容纳的数量。</translation>
    </message>
    <message>
      <source>{count} samples are too few to learn from.</source>
      <translation>样本只有 {count} 个，不足以学习。</translation>
    </message>
    <message>
      <source>{count} samples were left out, which this form cannot hold: {labels}.</source>
      <translation>有 {count} 个样本因该格式无法保存而略去：{labels}。</translation>
    </message>
    <message>
      <source>{count} were left out, whose labels are not one character: {labels}.</source>
      <translation>略去了 {count} 个标签不是单个字符的样本：{labels}。</translation>
    </message>
    <message>
      <source>{count} were there already.</source>
      <translation>其中 {count} 个已经存在。</translation>
    </message>
    <message>
      <source>{count} without a label were left out.</source>
      <translation>略去了 {count} 个没有标签的样本。</translation>
    </message>
    <message>
      <source>{error} The other {count} samples are used.</source>
      <translation>{error} 其余 {count} 个样本照常使用。</translation>
    </message>
    <message>
      <source>{file} does not describe the teacher {name}.</source>
      <translation>{file} 没有描述教师 {name}。</translation>
    </message>
    <message>
      <source>{given} is no direction.</source>
      <translation>{given} 不是方向。</translation>
    </message>
    <message>
      <source>{given} is no number of candidates.</source>
      <translation>{given} 不是候选的个数。</translation>
    </message>
    <message>
      <source>{id} answers otherwise here than where it was made, in floats too.</source>
      <translation>{id} 在此的结果与制作时不同，用浮点运算也一样。</translation>
    </message>
    <message>
      <source>{id} does not hold the network that its manifest describes ({name}).</source>
      <translation>{id} 中的网络与清单的描述不符（{name}）。</translation>
    </message>
    <message>
      <source>{id} fails when it is asked.</source>
      <translation>{id} 试用时出错。</translation>
    </message>
    <message>
      <source>{id} has no {model}.</source>
      <translation>{id} 缺少 {model}。</translation>
    </message>
    <message>
      <source>{id} is a model for the task {task}, not for {wanted}.</source>
      <translation>{id} 是用于任务 {task} 的模型，不是用于 {wanted} 的。</translation>
    </message>
    <message>
      <source>{name} already holds a run.</source>
      <translation>{name} 中已有一次训练。</translation>
    </message>
    <message>
      <source>{name} cannot be loaded.</source>
      <translation>无法载入 {name}。</translation>
    </message>
    <message>
      <source>{name} cannot be read ({reason}).</source>
      <translation>无法读取 {name}（{reason}）。</translation>
    </message>
    <message>
      <source>{name} cannot be read as text.</source>
      <translation>{name} 无法作为文本读取。</translation>
    </message>
    <message>
      <source>{name} cannot be read.</source>
      <translation>无法读取 {name}。</translation>
    </message>
    <message>
      <source>{name} cannot be the name of a model.</source>
      <translation>{name} 不能用作模型的名称。</translation>
    </message>
    <message>
      <source>{name} describes too few characters of the alphabet.</source>
      <translation>{name} 描述的字符集中的字太少。</translation>
    </message>
    <message>
      <source>{name} does not exist.</source>
      <translation>{name} 不存在。</translation>
    </message>
    <message>
      <source>{name} does not name a run's lessons.</source>
      <translation>{name} 没有写明某次训练所用的课程。</translation>
    </message>
    <message>
      <source>{name} does not say what was recognized: an earlier version wrote it, or nothing was read.</source>
      <translation>{name} 没有记录识别结果：它由旧版本写出，或什么也没有识别。</translation>
    </message>
    <message>
      <source>{name} ends in no layer over its features.</source>
      <translation>{name} 的末端不是特征之上的一层。</translation>
    </message>
    <message>
      <source>{name} exists already.</source>
      <translation>{name} 已经存在。</translation>
    </message>
    <message>
      <source>{name} has a point that is not numbers: “{point}”.</source>
      <translation>{name} 中有一个点不是数字：“{point}”。</translation>
    </message>
    <message>
      <source>{name} has a stroke of more than {limit} points.</source>
      <translation>{name} 中有一笔超过 {limit} 个点。</translation>
    </message>
    <message>
      <source>{name} has groups that lie too deep in each other, or refer to themselves.</source>
      <translation>{name} 中的分组嵌套过深，或引用了自身。</translation>
    </message>
    <message>
      <source>{name} has more than {limit} million pixels.</source>
      <translation>{name} 超过 {limit} 百万像素。</translation>
    </message>
    <message>
      <source>{name} has more than {limit} tags.</source>
      <translation>{name} 的标记超过 {limit} 个。</translation>
    </message>
    <message>
      <source>{name} has no X and Y channels.</source>
      <translation>{name} 没有 X 和 Y 通道。</translation>
    </message>
    <message>
      <source>{name} has no labeled samples.</source>
      <translation>{name} 中没有带标注的样本。</translation>
    </message>
    <message>
      <source>{name} has no pages.</source>
      <translation>{name} 没有页面。</translation>
    </message>
    <message>
      <source>{name} has no readable {file}.</source>
      <translation>{name} 中没有可读的 {file}。</translation>
    </message>
    <message>
      <source>{name} has no samples of the characters that were asked for.</source>
      <translation>{name} 中没有所要的字的样本。</translation>
    </message>
    <message>
      <source>{name} has no strokes.</source>
      <translation>{name} 中没有笔画。</translation>
    </message>
    <message>
      <source>{name} holds lessons for another student: its alphabet or its input differ.</source>
      <translation>{name} 中的课程供别的学生网络使用：其字符集或输入不同。</translation>
    </message>
    <message>
      <source>{name} holds lessons of other teachers, or for another student.</source>
      <translation>{name} 中的课程属于别的教师，或供别的学生网络使用。</translation>
    </message>
    <message>
      <source>{name} holds more than one character; the first is shown.</source>
      <translation>{name} 中不止一个字，这里显示第一个。</translation>
    </message>
    <message>
      <source>{name} holds no character.</source>
      <translation>{name} 中没有字。</translation>
    </message>
    <message>
      <source>{name} holds no files.</source>
      <translation>{name} 中没有文件。</translation>
    </message>
    <message>
      <source>{name} holds no image named by a character.</source>
      <translation>{name} 中没有以字命名的图片。</translation>
    </message>
    <message>
      <source>{name} holds no lessons yet.</source>
      <translation>{name} 中还没有课程。</translation>
    </message>
    <message>
      <source>{name} holds what was made otherwise ({differences}).</source>
      <translation>{name} 中的内容是用别的设置做成的（{differences}）。</translation>
    </message>
    <message>
      <source>{name} holds {count} files, and no image that can be read.</source>
      <translation>{name} 含有 {count} 个文件，但没有可读取的图片。</translation>
    </message>
    <message>
      <source>{name} holds {count} files; one is expected.</source>
      <translation>{name} 中有 {count} 个文件，应当只有一个。</translation>
    </message>
    <message>
      <source>{name} in {folder} does not hold the network that it describes.</source>
      <translation>{folder} 中的 {name} 与其所描述的网络不符。</translation>
    </message>
    <message>
      <source>{name} in {folder} is no character network.</source>
      <translation>{folder} 中的 {name} 不是单字网络。</translation>
    </message>
    <message>
      <source>{name} in {folder} is no checkpoint of this trainer, of another network or version, or damaged.</source>
      <translation>{folder} 中的 {name} 不是本训练器的检查点，或属于别的网络或版本，或已损坏。</translation>
    </message>
    <message>
      <source>{name} is XML but not InkML.</source>
      <translation>{name} 是 XML，但不是 InkML。</translation>
    </message>
    <message>
      <source>{name} is a HEIC image, and its reader is not installed.</source>
      <translation>{name} 是 HEIC 图片，其读取组件尚未安装。</translation>
    </message>
    <message>
      <source>{name} is a damaged PDF.</source>
      <translation>{name} 是已损坏的 PDF。</translation>
    </message>
    <message>
      <source>{name} is a damaged archive.</source>
      <translation>{name} 是已损坏的压缩包。</translation>
    </message>
    <message>
      <source>{name} is a folder.</source>
      <translation>{name} 是文件夹。</translation>
    </message>
    <message>
      <source>{name} is a model of another format ({format}).</source>
      <translation>{name} 是另一种格式（{format}）的模型。</translation>
    </message>
    <message>
      <source>{name} is an archive in an archive.</source>
      <translation>{name} 是压缩包中的压缩包。</translation>
    </message>
    <message>
      <source>{name} is an empty archive.</source>
      <translation>{name} 是空的压缩包。</translation>
    </message>
    <message>
      <source>{name} is another network.</source>
      <translation>{name} 是另一个网络。</translation>
    </message>
    <message>
      <source>{name} is cut off in record {number}.</source>
      <translation>{name} 在第 {number} 条记录处被截断。</translation>
    </message>
    <message>
      <source>{name} is damaged or cut off.</source>
      <translation>{name} 已损坏或被截断。</translation>
    </message>
    <message>
      <source>{name} is damaged or unsafe XML.</source>
      <translation>{name} 是已损坏或不安全的 XML。</translation>
    </message>
    <message>
      <source>{name} is damaged, or packed in a way that cannot be read here.</source>
      <translation>{name} 已损坏，或其压缩方式在此无法读取。</translation>
    </message>
    <message>
      <source>{name} is damaged.</source>
      <translation>{name} 已损坏。</translation>
    </message>
    <message>
      <source>{name} is empty (0 bytes).</source>
      <translation>{name} 是空文件（0 字节）。</translation>
    </message>
    <message>
      <source>{name} is gone, or another file than when it was read.</source>
      <translation>{name} 已不在，或者与识别时的文件不同。</translation>
    </message>
    <message>
      <source>{name} is in an encoding that is not known, {encoding}.</source>
      <translation>{name} 使用了未知的编码 {encoding}。</translation>
    </message>
    <message>
      <source>{name} is larger than {limit} MiB.</source>
      <translation>{name} 大于 {limit} MiB。</translation>
    </message>
    <message>
      <source>{name} is locked by a password.</source>
      <translation>{name} 设有密码。</translation>
    </message>
    <message>
      <source>{name} is no alphabet of a teacher.</source>
      <translation>{name} 不是教师的字符集。</translation>
    </message>
    <message>
      <source>{name} is no bank of lessons.</source>
      <translation>{name} 不是课程库。</translation>
    </message>
    <message>
      <source>{name} is no font.</source>
      <translation>{name} 不是字体。</translation>
    </message>
    <message>
      <source>{name} is no form of text.</source>
      <translation>{name} 不是可写出的文本格式。</translation>
    </message>
    <message>
      <source>{name} is no kind of drawing.</source>
      <translation>{name} 不是图形文件的种类。</translation>
    </message>
    <message>
      <source>{name} is no language model.</source>
      <translation>{name} 不是语言模型。</translation>
    </message>
    <message>
      <source>{name} is no model.</source>
      <translation>{name} 不是模型。</translation>
    </message>
    <message>
      <source>{name} is no part of the alphabet.</source>
      <translation>{name} 不是字符范围的名称。</translation>
    </message>
    <message>
      <source>{name} is no replay bank.</source>
      <translation>{name} 不是回放库。</translation>
    </message>
    <message>
      <source>{name} is not TOML: {reason}.</source>
      <translation>{name} 不是 TOML：{reason}。</translation>
    </message>
    <message>
      <source>{name} is not a folder.</source>
      <translation>{name} 不是文件夹。</translation>
    </message>
    <message>
      <source>{name} is not an image of a known kind.</source>
      <translation>{name} 不是已知格式的图片。</translation>
    </message>
    <message>
      <source>{name} is not in the encoding {encoding}, as it should be.</source>
      <translation>{name} 的内容并非应有的 {encoding} 编码。</translation>
    </message>
    <message>
      <source>{name} is of a kind that this installation cannot read ({kind}).</source>
      <translation>此安装无法读取 {name} 的格式（{kind}）。</translation>
    </message>
    <message>
      <source>{name} is of an unknown kind.</source>
      <translation>{name} 的类型未知。</translation>
    </message>
    <message>
      <source>{name} is packed in a way that cannot be read here ({method}).</source>
      <translation>{name} 的压缩方式（{method}）在此无法读取。</translation>
    </message>
    <message>
      <source>{name} is protected in a way that cannot be read here.</source>
      <translation>{name} 受到保护，在此无法读取。</translation>
    </message>
    <message>
      <source>{name} may not be read.</source>
      <translation>没有读取 {name} 的权限。</translation>
    </message>
    <message>
      <source>{name} names no study ({study}).</source>
      <translation>{name} 中没有可用的研究（{study}）。</translation>
    </message>
    <message>
      <source>{name} needs more memory than there is.</source>
      <translation>{name} 需要的内存超过了现有的内存。</translation>
    </message>
    <message>
      <source>{name} of {cell} does not say what was measured.</source>
      <translation>{cell} 的 {name} 没有说明测量的是什么。</translation>
    </message>
    <message>
      <source>{name} refers to a part of a stroke or group that is not there ({where}).</source>
      <translation>{name} 引用了不存在的笔画或分组部分（{where}）。</translation>
    </message>
    <message>
      <source>{name} refers to “{reference}”, which it does not hold.</source>
      <translation>{name} 引用了“{reference}”，但文件中没有。</translation>
    </message>
    <message>
      <source>{name} shows more ink than can be read.</source>
      <translation>{name} 的笔迹多得无法读取。</translation>
    </message>
    <message>
      <source>{name} shows no sheet that was printed here.</source>
      <translation>{name} 上没有在这里打印的字帖。</translation>
    </message>
    <message>
      <source>{name} takes no --fold, --load, --teacher or --seed.</source>
      <translation>{name} 不接受 --fold、--load、--teacher 或 --seed。</translation>
    </message>
    <message>
      <source>{name} turns its ink by a rule that is not understood ({kind}).</source>
      <translation>{name} 用无法理解的规则（{kind}）变换笔迹。</translation>
    </message>
    <message>
      <source>{name} unpacks to more than a replay bank can hold.</source>
      <translation>{name} 解压后超过回放库的容量。</translation>
    </message>
    <message>
      <source>{name} unpacks to more than {limit} GiB.</source>
      <translation>{name} 解压后超过 {limit} GiB。</translation>
    </message>
    <message>
      <source>{name} unpacks to more than {limit} MiB.</source>
      <translation>{name} 解压后超过 {limit} MiB。</translation>
    </message>
    <message>
      <source>{name} was changed by somebody else, or the picture that it holds is gone: it stays as it is.</source>
      <translation>{name} 已被他人修改，或其中的图片已不存在：保持原样。</translation>
    </message>
    <message>
      <source>{name}: record {number} states sizes that contradict each other.</source>
      <translation>{name}：第 {number} 条记录的尺寸互相矛盾。</translation>
    </message>
    <message>
      <source>{path} cannot be written ({reason}).</source>
      <translation>无法写入 {path}（{reason}）。</translation>
    </message>
    <message>
      <source>{path} does not exist.</source>
      <translation>{path} 不存在。</translation>
    </message>
    <message>
      <source>{path} is no file.</source>
      <translation>{path} 不是文件。</translation>
    </message>
    <message>
      <source>{path} was written by a newer version of the application.</source>
      <translation>{path} 由更新版本的程序写入。</translation>
    </message>
    <message>
      <source>{source}: {count} characters have too few samples for a test: {characters}</source>
      <translation>{source}：有 {count} 个字样本太少，无法测试：{characters}</translation>
    </message>
    <message>
      <source>{top} candidates were asked for.</source>
      <translation>要求的候选数为 {top}。</translation>
    </message>
    <message>
      <source>{where} has no list of strokes.</source>
      <translation>{where} 没有笔画列表。</translation>
    </message>
    <message>
      <source>{where} has no strokes.</source>
      <translation>{where} 没有笔画。</translation>
    </message>
    <message>
      <source>{where} is not JSON.</source>
      <translation>{where} 不是 JSON。</translation>
    </message>
    <message>
      <source>{where}: `char` is not text.</source>
      <translation>{where}：`char` 不是文本。</translation>
    </message>
    <message>
      <source>{where}: {error}</source>
      <translation>{where}：{error}</translation>
    </message>
    <message>
      <source>“Import” in Samples takes them in.</source>
      <translation>可用“样本”中的“导入”来导入它们。</translation>
    </message>
    <message>
      <source>“Read again” reads it.</source>
      <translation>点“重新识别”即可识别。</translation>
    </message>
    <message>
      <source>“Read” takes whole pages.</source>
      <translation>“阅读”可以读整页。</translation>
    </message>
  </context>
</TS>
